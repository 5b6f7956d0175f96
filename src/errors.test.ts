import { describe, expect, it } from 'vitest'
import { describeValue, EdtError, OutOfMemoryError, recogniseOutOfMemory } from './errors.js'

describe('the message of an error', () => {
  it('is one line without control characters, whatever a file holds', () => {
    expect(new EdtError('rows.csv: two columns are called "a\tb\u001b[31m".\n\nMore.').message).toBe(
      'rows.csv: two columns are called "a\\u0009b\\u001b[31m". More.',
    )
  })

  it('ends somewhere', () => {
    expect(new EdtError('x'.repeat(10_000_000)).message).toHaveLength(2001)
  })
})

describe('recogniseOutOfMemory', () => {
  it.each([
    'Exception during initialization: std::bad_alloc',
    'Non-zero status code returned while running MatMul node: Failed to allocate memory for requested buffer of size 4096',
    'WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance',
    'WebAssembly.Memory.grow(): Unable to grow instance memory',
    'Array buffer allocation failed',
  ])('knows "%s"', (message) => {
    const error = recogniseOutOfMemory(new RangeError(message))
    expect(error).toBeInstanceOf(OutOfMemoryError)
    expect((error as Error).message).toMatch(/^not enough memory \(.+\); free some/)
  })

  it('leaves everything else as it is', () => {
    const others = [
      new TypeError('x is undefined'),
      new EdtError('the task "out of memory" is not there.'),
      'bad_alloc',
    ]
    for (const error of others) expect(recogniseOutOfMemory(error)).toBe(error)
  })
})

describe('describeValue', () => {
  it.each([
    [{ a: [1, 'two', null, true], b: {} }, '{"a":[1,"two",null,true],"b":{}}'],
    [['a', []], '["a",[]]'],
    ['a "quoted" text\n', '"a \\"quoted\\" text\\n"'],
    [undefined, 'missing'],
    [Number.NaN, 'NaN'],
    [12n, '12'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  ])('gives small values as JSON has them (case %#)', (value, text) => {
    expect(describeValue(value)).toBe(text)
  })

  it('looks only at the beginning of a value that is nested deeper than the stack', () => {
    const nested = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
    expect(describeValue(nested)).toBe(`${'['.repeat(77)}…`)
    expect(describeValue(JSON.parse(`${'{"key":'.repeat(9000)}1${'}'.repeat(9000)}`))).toMatch(/^\{"key":\{"key":.*…$/)
  })

  it('cuts long texts and lists', () => {
    expect(describeValue('x'.repeat(200_000))).toBe(`"${'x'.repeat(76)}…`)
    expect(describeValue(Array(1_000_000).fill(7))).toBe(`[${'7,'.repeat(38)}…`)
  })
})
