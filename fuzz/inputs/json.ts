import fc, { type Arbitrary } from 'fast-check'
import { damaged } from './bytes.js'
import { nastyTexts, text } from './text.js'

/** A number where the schema wants another, or none. */
export const number: Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, -0, -1, 0.5, 1, 2, 1e12, 1e308, -1e308, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 + 2, 5e-324, 1e9),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)

const key = fc.oneof(
  { arbitrary: fc.constantFrom('__proto__', 'constructor', 'prototype', 'id', 'name', 'length', '0', ''), weight: 2 },
  { arbitrary: text, weight: 1 },
)

/** Any JSON value; objects may have `__proto__` as a key of their own, as JSON.parse makes it. */
export const value: Arbitrary<unknown> = fc.oneof(
  { arbitrary: fc.constantFrom(null, true, false, {}, [], [[]], [null], { __proto__: null }), weight: 2 },
  { arbitrary: number, weight: 2 },
  { arbitrary: text, weight: 2 },
  { arbitrary: fc.array(fc.oneof(number, text, fc.constant(null)), { maxLength: 5 }), weight: 1 },
  { arbitrary: fc.array(fc.tuple(key, fc.oneof(number, text)), { maxLength: 4 }).map(withKeys), weight: 1 },
  { arbitrary: fc.jsonValue({ maxDepth: 3 }), weight: 1 },
)

function withKeys(entries: [string, unknown][]): object {
  const made = {}
  for (const [name, value] of entries) {
    Object.defineProperty(made, name, { value, enumerable: true, configurable: true, writable: true })
  }
  return made
}

type Path = (string | number)[]

interface Edit {
  /** Which of the document's values, counted over all. */
  at: number
  kind: 'replace' | 'remove' | 'add' | 'repeat'
  key: string
  value: unknown
}

const edit: Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add', 'repeat'),
  key,
  value,
})

function pathsOf(document: unknown, path: Path = [], found: Path[] = []): Path[] {
  found.push(path)
  if (Array.isArray(document)) for (const i of document.keys()) pathsOf(document[i], [...path, i], found)
  else if (typeof document === 'object' && document !== null) {
    for (const [name, inner] of Object.entries(document)) pathsOf(inner, [...path, name], found)
  }
  return found
}

function apply(document: unknown, { at, kind, key, value: given }: Edit): unknown {
  // A value of its own: the same object in two places could come to hold itself.
  const value = structuredClone(given)
  const paths = pathsOf(document)
  const path = paths[at % paths.length]
  if (path.length === 0) return kind === 'replace' ? value : document
  const parent = path.slice(0, -1).reduce((inner, step) => (inner as never)[step], document) as Record<string, unknown>
  const last = path.at(-1)!
  const put = (name: string | number, fresh: unknown) =>
    Object.defineProperty(parent, name, { value: fresh, enumerable: true, configurable: true, writable: true })
  if (kind === 'replace') put(last, value)
  else if (kind === 'remove') {
    if (Array.isArray(parent)) parent.splice(last as number, 1)
    else delete parent[last]
  } else if (kind === 'add') put(Array.isArray(parent) ? parent.length : key, value)
  else if (Array.isArray(parent)) parent.push(...Array(3).fill(parent[last as number]))
  return document
}

/** One of the documents with one to three values replaced, removed, added or repeated. */
export function edited(documents: readonly unknown[]): Arbitrary<unknown> {
  return fc
    .record({ document: fc.nat(documents.length - 1), edits: fc.array(edit, { minLength: 1, maxLength: 3 }) })
    .map(({ document, edits }) => edits.reduce(apply, structuredClone(documents[document])))
}

/** Brackets that no parser with a recursion of its own comes through. */
export const deep: readonly string[] = [
  '['.repeat(100_000),
  `${'['.repeat(5000)}${']'.repeat(5000)}`,
  `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
  `{"a":${'['.repeat(200)}${']'.repeat(200)}}`,
]

/** Files that are hardly JSON, or JSON of the wrong kind. */
export const brokenJson: readonly string[] = [
  ...[
    '',
    ' ',
    'null',
    'true',
    '0',
    '""',
    '[]',
    '{}',
    '{',
    '[1,',
    '{"a":1,}',
    '{"a":1}{"b":2}',
    '\ufeff{}',
    '{"__proto__":{"polluted":true}}',
  ],
  ...[
    '{"constructor":{"prototype":{"polluted":true}}}',
    '[{"__proto__":{"toString":1}}]',
    'NaN',
    "{'a': 1}",
    '\0\0\0\0',
  ],
  ...deep,
  ...nastyTexts,
]

/** Text of a JSON file: the documents with values changed, or with bytes changed, or no JSON at all. */
export function jsonFile(documents: readonly unknown[]): Arbitrary<Buffer> {
  const files = documents.map((document) => Buffer.from(JSON.stringify(document)))
  return fc.oneof(
    { arbitrary: edited(documents).map((document) => Buffer.from(JSON.stringify(document) ?? 'null')), weight: 6 },
    { arbitrary: damaged(files), weight: 2 },
    { arbitrary: value.map((any) => Buffer.from(JSON.stringify(any) ?? 'null')), weight: 1 },
    { arbitrary: fc.constantFrom(...brokenJson).map((broken) => Buffer.from(broken)), weight: 1 },
  )
}
