import { join } from 'node:path'
import { z } from 'zod'
import { BLEU_TOKENIZER_NAMES } from '../metrics/index.js'
import { readLines } from './lines.js'
import { placeholders } from './template.js'
import type { TaskDefinition } from './types.js'
import { parseJson, validate } from './validate.js'

const MAX_LINE_BYTES = 2 ** 20

const definitionSchema: z.ZodType<TaskDefinition> = z.strictObject({
  // The name becomes part of file names and store keys.
  name: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]*$/, 'expected letters, digits, ".", "_" and "-", a letter or digit first')
    .max(100, 'expected at most 100 characters')
    // It becomes a key, too.
    .refine((name) => !(name in {}), 'expected another name, because every JavaScript object has a field of this one'),
  description: z.string(),
  template: z
    .string()
    .refine((template) => placeholders(template).includes('source'), 'expected text with the placeholder {source}'),
  metric: z.enum(['rougeL', 'bleu']),
  tokenize: z.enum(BLEU_TOKENIZER_NAMES).default('13a'),
  maxNewTokens: z.int().min(1),
  stop: z.array(z.string().min(1)).default([]),
  chat: z.boolean().optional(),
  maxSourceChars: z.int().min(1).optional(),
})

/**
 * Reads `task.json` of a task folder.
 * @throws {DataFileError} naming the field that is missing, unknown or wrong
 */
export async function readDefinition(folder: string): Promise<TaskDefinition> {
  const file = join(folder, 'task.json')
  const lines: string[] = []
  for await (const { text } of readLines(file, MAX_LINE_BYTES)) lines.push(text)
  return validate(file, undefined, definitionSchema, parseJson(file, 1, lines.join('\n')))
}
