import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { InvalidOptionError } from '../errors.js'
import type { RandomStream } from './types.js'

/**
 * The stream of uniform numbers (multiples of 2^−53 in [0, 1)) that belongs to a seed and a path of keys, e.g.
 * `randomStream(seed, task, promptId, sample)`. The same arguments give the same stream on every machine; any other
 * seed, key, order or number of keys gives an unrelated one (`1` and `'1'` differ, so do `('ab')` and `('a', 'b')`).
 *
 * The arguments are hashed to the 128 bits of xoroshiro128+'s state (pure-rand): four 32-bit lanes of MurmurHash3's
 * mixing step, each with its own constants, then its finalizer and a cross-mix of the lanes.
 *
 * @param seed any finite number
 * @param keys strings and finite numbers
 * @throws {InvalidOptionError} for NaN or an infinite number
 */
export function randomStream(seed: number, ...keys: (string | number)[]): RandomStream {
  const generator = xoroshiro128plusFromState(hashToState([seed, ...keys]))
  return { next: () => uniformFloat64(generator) }
}

const NUMBER_TAG = 0x6e756d62
const STRING_TAG = 0x73747269
const LANE_START = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344] // digits of π
const LANE_FACTOR = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93] // MurmurHash3_x86_128

function hashToState(parts: (string | number)[]): number[] {
  const lanes = [...LANE_START]
  const fold = (word: number) => {
    for (let lane = 0; lane < 4; lane++) {
      const scrambled = Math.imul(rotate(Math.imul(word, LANE_FACTOR[lane]), 15 + lane), LANE_FACTOR[(lane + 1) & 3])
      lanes[lane] = (Math.imul(rotate(lanes[lane] ^ scrambled, 13 + lane), 5) + 0xe6546b64) | 0
    }
  }
  parts.forEach((part, position) => {
    if (typeof part === 'number') {
      if (!Number.isFinite(part)) {
        throw new InvalidOptionError(
          position === 0 ? 'seed' : `key ${position} of the random stream`,
          'a finite number',
          part,
        )
      }
      fold(NUMBER_TAG)
      const bits = new DataView(new ArrayBuffer(8))
      bits.setFloat64(0, part + 0) // −0 and 0 are the same key
      fold(bits.getInt32(0))
      fold(bits.getInt32(4))
    } else {
      fold(STRING_TAG)
      fold(part.length)
      for (let i = 0; i < part.length; i++) fold(part.charCodeAt(i))
    }
  })
  // Every word of the state depends on every lane, so that a difference in one lane alone reaches all of them.
  for (let round = 0; round < 2; round++) {
    for (let lane = 0; lane < 4; lane++) lanes[lane] = finalize((lanes[lane] + lanes[(lane + 1) & 3] + lane) | 0)
  }
  return lanes
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

/** MurmurHash3's fmix32: each input bit flips each output bit with probability one half. */
function finalize(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
  return word ^ (word >>> 16)
}
