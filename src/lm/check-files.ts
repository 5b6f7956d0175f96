import { join } from 'node:path'
import { describeValue } from '../errors.js'
import { readTextBounded } from '../files.js'
import { ModelLoadError } from './errors.js'

/** Most bytes of one of a model's JSON files; the largest tokenizers have 40 MB. */
const MAX_BYTES = 256 * 2 ** 20
/** Token ids index arrays: one id of a billion would make them a billion long. */
const MAX_TOKEN_ID = 16 * 2 ** 20

type Fields = Record<string, unknown>

/**
 * Checks the JSON files of a model's folder before transformers.js reads them, which takes them as they are: each an object, and no token id that asks
 * for more memory than a vocabulary needs.
 * @throws {ModelLoadError} naming file and field; {FileTooLargeError}
 */
export async function checkModelFiles(folder: string): Promise<void> {
  await readFields(folder, 'config.json')
  await readFields(folder, 'tokenizer_config.json')
  await readFields(folder, 'generation_config.json')
  const tokenizer = (await readFields(folder, 'tokenizer.json'))!
  const refuse = (field: string, expected: string, found: unknown): never => {
    throw new ModelLoadError(folder, `tokenizer.json: "${field}" must be ${expected}, but is ${describeValue(found)}.`)
  }
  const { model, added_tokens: added = [] } = tokenizer
  if (!isFields(model)) return refuse('model', 'an object', model)
  const { vocab } = model
  if (isFields(vocab)) {
    for (const token of Object.keys(vocab)) {
      if (!isTokenId(vocab[token]))
        refuse(`model.vocab.${token}`, `a whole number from 0 to ${MAX_TOKEN_ID}`, vocab[token])
    }
  } else if (!Array.isArray(vocab)) refuse('model.vocab', 'an object or a list', vocab)
  if (!Array.isArray(added)) return refuse('added_tokens', 'a list', added)
  for (const token of added) {
    const good = isFields(token) && isTokenId(token.id) && typeof token.content === 'string' && token.content !== ''
    if (!good) refuse('added_tokens', 'a list of tokens with an id and a content that is not empty', token)
  }
}

/** Undefined when there is no such file. */
async function readFields(folder: string, name: string): Promise<Fields | undefined> {
  const text = await readTextBounded(join(folder, name), MAX_BYTES).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    throw new ModelLoadError(folder, `${name} is no JSON: ${(error as Error).message}.`)
  }
  if (isFields(content)) return content
  throw new ModelLoadError(folder, `${name} must hold one JSON object, but holds ${describeValue(content)}.`)
}

function isTokenId(id: unknown): boolean {
  return typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= MAX_TOKEN_ID
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
