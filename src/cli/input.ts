import { text as readAll } from 'node:stream/consumers'
import { z } from 'zod'
import type { ChatMessage } from '../lm/index.js'
import { readJsonl } from '../tasks/index.js'
import { UsageError } from './errors.js'

/**
 * What `-` on the command line becomes before yargs sees it, because yargs takes a lone dash for an empty argument.
 * It is the name of standard input on most systems, and stands for it on all.
 */
export const STANDARD_INPUT = '/dev/stdin'

/** One prompt to answer. */
export interface PromptInput {
  /** The `id` of a JSONL line. */
  id?: string
  prompt: string
  /** A task's second field, where its template has one. */
  question?: string
  /** The same prompt without its source, for rules that compare the two. */
  promptWithoutSource?: string
}

const PROMPT_LINE = z.strictObject({
  id: z.union([z.string(), z.number()]).transform(String).optional(),
  prompt: z.string().min(1),
  question: z.string().optional(),
})

/**
 * Prompts from the argument, from standard input (asked for, or nothing given and input piped in), or from a JSONL file.
 * @throws {UsageError} when there is none or more than one source, {DataFileError} for a bad line
 */
export async function readPrompts(argument: string | undefined, file: string | undefined): Promise<PromptInput[]> {
  if (file !== undefined) {
    if (argument !== undefined) throw new UsageError('Give a prompt or --file, not both.')
    return readRows(file, PROMPT_LINE)
  }
  if (argument !== undefined && argument !== STANDARD_INPUT)
    return [{ prompt: required(argument, 'The prompt is empty.') }]
  if (argument === undefined && process.stdin.isTTY) {
    throw new UsageError('Give a prompt: edt generate "…", or pipe one in, or --file prompts.jsonl.')
  }
  const piped = (await readAll(process.stdin)).replace(/\r?\n$/, '')
  return [{ prompt: required(piped, 'Standard input holds no prompt.') }]
}

/** A user's message for a chat model, after a system message when there is one. */
export function asMessages(prompt: string, system: string | undefined): ChatMessage[] {
  const user: ChatMessage = { role: 'user', content: prompt }
  return system === undefined ? [user] : [{ role: 'system', content: system }, user]
}

/** All rows of a JSONL file or of standard input. */
export async function readRows<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.output<Schema>[]> {
  const rows: z.output<Schema>[] = []
  const input = file === STANDARD_INPUT ? process.stdin : undefined
  for await (const { value } of readJsonl(file, schema, { input })) rows.push(value)
  return rows
}

function required(text: string, problem: string): string {
  if (text === '') throw new UsageError(problem)
  return text
}
