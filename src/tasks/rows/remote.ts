import { DataFileError } from '../../errors.js'
import { parseJson } from '../validate.js'
import { documentRows } from './json.js'
import { type JsonlOptions, jsonlRows } from './jsonl.js'
import type { Row } from './types.js'

/** Rows of a JSONL file at an address, as they arrive. @throws {DataFileError} when it cannot be had */
export async function* remoteJsonlRows(address: string, options: JsonlOptions): AsyncGenerator<Row> {
  const response = await get(address)
  yield* jsonlRows(address, { ...options, input: chunks(response) })
}

/** Rows of a JSON document at an address; it is read as a whole. @throws {DataFileError} when it cannot be had */
export async function* remoteJsonRows(address: string): AsyncGenerator<Row> {
  const response = await get(address)
  yield* documentRows(address, parseJson(address, 1, (await response.text()).replace(/^\ufeff/, '')))
}

async function get(address: string): Promise<Response> {
  let response: Response
  try {
    response = await fetch(address)
  } catch (error) {
    const cause = (error as Error).cause ?? error
    const problem = `the address cannot be reached (${(cause as Error).message}); check it and the network, or give a path.`
    throw new DataFileError(address, undefined, undefined, problem)
  }
  if (!response.ok) {
    throw new DataFileError(address, undefined, undefined, `the server answered ${response.status}; check the address.`)
  }
  return response
}

async function* chunks(response: Response): AsyncGenerator<Buffer> {
  // The body of an answer without content is null.
  for await (const chunk of response.body ?? []) yield Buffer.from(chunk as Uint8Array)
}
