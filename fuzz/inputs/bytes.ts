import fc, { type Arbitrary } from 'fast-check'

interface Edit {
  kind: 'flip' | 'set' | 'cut' | 'drop' | 'insert' | 'double' | 'number'
  /** Where, as a share of the length. */
  at: number
  length: number
  bytes: Uint8Array
}

/** Bytes that mean something in many formats: ends of ranges, lengths, varints, quotes and brackets. */
const MEANING = [0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x0d, 0x22, 0x27, 0x2c, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0xc0, 0xed, 0xfe]

const edit: Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('flip', 'set', 'cut', 'drop', 'insert', 'double', 'number'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 400 })),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 12 }),
    fc.array(fc.constantFrom(...MEANING), { minLength: 1, maxLength: 4 }).map((bytes) => Uint8Array.from(bytes)),
  ),
})

/** Numbers that a header may claim: far more than there is. */
const CLAIMS = [0n, 0xffff_ffffn, 0x7fff_ffff_ffff_ffffn, 1_000_000_000_000n]

function apply(bytes: Buffer, { kind, at, length, bytes: fresh }: Edit): Buffer {
  const start = Math.min(bytes.length, Math.floor(at * bytes.length))
  const before = bytes.subarray(0, start)
  const after = bytes.subarray(start)
  switch (kind) {
    case 'flip': {
      if (after.length === 0) return bytes
      const changed = Buffer.from(bytes)
      changed[start] ^= 1 << (length % 8)
      return changed
    }
    case 'set':
      return Buffer.concat([before, fresh, after.subarray(fresh.length)])
    case 'cut':
      return before
    case 'drop':
      return Buffer.concat([before, after.subarray(length)])
    case 'insert':
      return Buffer.concat([before, fresh, after])
    case 'double':
      return Buffer.concat([before, after.subarray(0, length), after])
    case 'number': {
      const claim = Buffer.alloc(8)
      claim.writeBigUInt64LE(CLAIMS[length % CLAIMS.length])
      return Buffer.concat([before, claim, after.subarray(8)])
    }
  }
}

/** One of the given files with one to four places changed. */
export function damaged(files: readonly Uint8Array[]): Arbitrary<Buffer> {
  return fc
    .record({ file: fc.nat(files.length - 1), edits: fc.array(edit, { minLength: 1, maxLength: 4 }) })
    .map(({ file, edits }) => edits.reduce(apply, Buffer.from(files[file])))
}

/** Bytes without any order. */
export const noise: Arbitrary<Buffer> = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes))
