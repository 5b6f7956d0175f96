import { createHash } from 'node:crypto'

const EMPTY = -1

/**
 * Remembers where each of many texts was seen first, in 16 to 32 bytes a text: a 64-bit digest and a place, in an open hash table of typed arrays.
 * Two of a million different texts share a digest with a probability of 3·10⁻⁸.
 */
export class FirstPlaces {
  private size = 0
  private digests = new BigUint64Array(1024)
  private places = new Float64Array(1024).fill(EMPTY)

  /**
   * @param place a whole number from 0
   * @returns where the text was seen first; undefined when that is here
   */
  visit(text: string, place: number): number | undefined {
    const digest = createHash('sha256').update(text).digest().readBigUInt64LE(0)
    const slot = this.slotOf(digest)
    if (this.places[slot] !== EMPTY) return this.places[slot]
    this.digests[slot] = digest
    this.places[slot] = place
    this.size++
    if (this.size * 2 > this.places.length) this.grow()
    return undefined
  }

  private slotOf(digest: bigint): number {
    const mask = this.places.length - 1
    let slot = Number(digest & BigInt(mask))
    while (this.places[slot] !== EMPTY && this.digests[slot] !== digest) slot = (slot + 1) & mask
    return slot
  }

  private grow(): void {
    const { digests, places } = this
    this.digests = new BigUint64Array(2 * digests.length)
    this.places = new Float64Array(2 * places.length).fill(EMPTY)
    for (const [i, place] of places.entries()) {
      if (place === EMPTY) continue
      const slot = this.slotOf(digests[i])
      this.digests[slot] = digests[i]
      this.places[slot] = place
    }
  }
}
