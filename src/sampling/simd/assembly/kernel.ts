/**
 * The heavy loops of a draw in AssemblyScript with 128-bit SIMD, compiled to WebAssembly by `npm run build:kernel`.
 *
 * Conventions: the caller lays out the memory and passes byte addresses, aligned to 16. A row of logits is padded with −∞
 * to a multiple of PAD lanes. Lists (candidates, bracket) are padded by the function that writes them (logit −∞, weight 0)
 * and need room for PAD more entries than they hold. Sums are gathered in float32 lanes for at most BLOCK entries and then
 * carried in float64, so that their relative error stays near 1e-7 for any vocabulary. Numbers beyond a function's return
 * value are written to RESULTS.
 */

export { heapAddress, resultsAddress } from './layout'
export { deviation, entropySums, firstIndexOf, highest } from './row'
export { weigh } from './weigh'
export { copyBetween, measureAbove } from './bracket'
export { dropTies, pick } from './pick'
