import fc from 'fast-check'
import { randomStream } from '../random.js'

/** A seeded row like a language model's: a bell-shaped bulk and a few tokens that stand out by up to `peak`. */
export function modelLikeLogits(size: number, seed: number, { spread = 2, peak = 8 } = {}): Float32Array {
  const random = randomStream(seed, 'logits', size)
  const logits = Float32Array.from({ length: size }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.next()))
    return spread * radius * Math.cos(2 * Math.PI * random.next())
  })
  for (let i = 0; i < Math.min(20, size / 2); i++) logits[Math.floor(random.next() * size)] += peak * random.next()
  return logits
}

/** Rows that strain a sampler: any floats, many ties, banned tokens, one dominating token, tiny and large gaps. */
export const anyLogits: fc.Arbitrary<Float32Array> = fc
  .oneof(
    fc.array(fc.float({ noNaN: true, min: -50, max: 50 }), { minLength: 1, maxLength: 60 }),
    fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 60 }),
    fc.array(fc.oneof(fc.constant(Number.NEGATIVE_INFINITY), fc.integer({ min: -9, max: 9 })), {
      minLength: 1,
      maxLength: 60,
    }),
    fc.array(fc.double({ noNaN: true, min: -1, max: 1 }), { minLength: 200, maxLength: 900 }),
    fc
      .tuple(fc.integer({ min: 1, max: 700 }), fc.integer())
      .map(([size, seed]) => Array.from(modelLikeLogits(size, seed))),
    fc
      .tuple(fc.integer({ min: 1, max: 700 }), fc.integer())
      .map(([size, seed]) => Array.from(modelLikeLogits(size, seed), Math.round)),
  )
  .filter((logits) => logits.some((logit) => logit > Number.NEGATIVE_INFINITY))
  .map((logits) => Float32Array.from(logits))

/** A number in [0, 1), often at the ends. */
export const anyUniform: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 0.5, 1 - 2 ** -53),
  fc.double({ noNaN: true, min: 0, max: 1, maxExcluded: true }),
)

/** Truncations from none to all three at once. */
export const truncations = [
  {},
  { topP: 1 },
  { topK: 5, topP: 1 },
  { topP: 1, minP: 0.1 },
  { topK: 12, topP: 0.8 },
  { topP: 0.9, minP: 0.05 },
  { topK: 9, topP: 0.7, minP: 0.02 },
  { topP: 1e-6 },
  { topNSigma: 1, topP: 1 },
  { topNSigma: 2.3, topP: 0.9 },
  { topNSigma: 1.5, topK: 6, topP: 0.95, minP: 0.03 },
]
