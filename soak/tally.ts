/** Something that must not happen. */
export interface Fault {
  client: string
  problem: string
}

/** Faults that are kept in full; the others are counted. */
const FAULTS_KEPT = 50

/** What the clients met. */
export class Tally {
  readonly counts: Record<string, number> = {}
  readonly faults: Fault[] = []
  faultCount = 0
  tokens = 0
  /** Visits that have begun and not ended. */
  open = 0

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1
  }

  fault(client: string, problem: string): void {
    this.faultCount++
    if (this.faults.length < FAULTS_KEPT) this.faults.push({ client, problem })
  }
}
