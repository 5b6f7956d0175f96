/** Lanes; rows and lists are padded to a multiple of it. */
export const PAD: i32 = 16
/** Entries that are summed in float32. */
export const BLOCK: i32 = 256
/** Entries of one partial sum of the final draw. */
export const DRAW_BLOCK: i32 = 64

/** Six float64. */
export const RESULTS: usize = memory.data(48, 16)

/** For each of the 16 masks of four lanes, the byte shuffle that moves the chosen lanes to the front. */
export const PACK: usize = memory.data(256, 16)

function fillPackTable(): void {
  for (let mask = 0; mask < 16; mask++) {
    let place = 0
    for (let lane = 0; lane < 4; lane++) {
      if ((mask >> lane) & 1) {
        for (let byte = 0; byte < 4; byte++) store<u8>(PACK + (mask << 4) + place++, <u8>((lane << 2) + byte))
      }
    }
    // Out of range for swizzle, which then gives 0.
    while (place < 16) store<u8>(PACK + (mask << 4) + place++, 0xff)
  }
}
fillPackTable()

export function resultsAddress(): usize {
  return RESULTS
}

/** Where the caller's memory begins. */
export function heapAddress(): usize {
  return (__heap_base + 15) & ~15
}
