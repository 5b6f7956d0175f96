/** Where a row stands, as errors name it. */
export interface Place {
  /** The file's name, with the row in files that have no lines of their own: `a.parquet, row 12`. */
  file: string
  /** Line of a JSONL file, 1 for the first. */
  line?: number
  /** Line or row, as a number. */
  number: number
}

/** A row as the file has it. */
export interface Row {
  place: Place
  value: unknown
}
