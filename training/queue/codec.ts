import { gunzipSync, gzipSync } from 'node:zlib'
import type { RolloutOutcome } from '../collect/types.js'

/** A Float32Array inside JSON: its bytes, little-endian, in base64. */
interface PackedFloats {
  $float32: string
}

/** An outcome as text that Redis can hold: JSON, compressed, in base64. Every number comes back exactly as it was. */
export function packOutcome(outcome: RolloutOutcome): string {
  const json = JSON.stringify(outcome, (_, value) =>
    value instanceof Float32Array
      ? { $float32: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') }
      : value,
  )
  return gzipSync(json).toString('base64')
}

/** @throws {Error} for text that `packOutcome` did not make */
export function unpackOutcome(packed: string): RolloutOutcome {
  return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString(), (_, value) => {
    if (typeof value !== 'object' || value === null || !('$float32' in value)) return value
    const bytes = Buffer.from((value as PackedFloats).$float32, 'base64')
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  })
}
