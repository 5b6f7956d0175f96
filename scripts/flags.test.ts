import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { listOf, readFlags, whole } from './flags.js'

const OPTIONS = {
  rounds: { type: 'string', default: '3' },
  only: { type: 'string' },
  file: { type: 'string' },
  quick: { type: 'boolean', default: false },
} as const
const SCHEMA = z.object({
  rounds: whole(1),
  only: listOf(z.enum(['disk-full', 'kill'])).default(['kill']),
  file: z.string('is needed'),
  quick: z.boolean(),
})

/** What a script reads, or the code with which it ends and what it prints. */
function read(...args: string[]) {
  const printed: string[] = []
  for (const name of ['log', 'error'] as const) {
    vi.spyOn(console, name).mockImplementation((text) => void printed.push(`${name}: ${text}`))
  }
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`)
  })
  try {
    return { flags: readFlags('Usage.', OPTIONS, SCHEMA, args) }
  } catch (error) {
    return { end: (error as Error).message, printed }
  }
}

afterEach(() => vi.restoreAllMocks())

describe('readFlags', () => {
  it('gives numbers, names and switches, with the defaults of what is not there', () => {
    expect(read('--file', 'x')).toEqual({ flags: { rounds: 3, only: ['kill'], file: 'x', quick: false } })
    expect(read('--file=x', '--only', 'kill,disk-full', '--rounds', '9', '--quick')).toEqual({
      flags: { rounds: 9, only: ['kill', 'disk-full'], file: 'x', quick: true },
    })
  })

  it('prints the usage when asked', () => {
    expect(read('--help')).toEqual({ end: 'exit 0', printed: ['log: Usage.'] })
  })

  it.each([
    [['--nothing'], "Unknown option '--nothing'"],
    [['file'], 'file'],
    [['--file', 'x', '--rounds', 'many'], '--rounds many: expected a number'],
    [['--file', 'x', '--rounds', '1.5'], '--rounds 1.5: expected a whole number'],
    [['--file', 'x', '--rounds', '0'], '--rounds 0: expected at least 1'],
    [['--file', 'x', '--only', 'kill,fire'], '--only kill,fire: Invalid option: expected one of "disk-full"|"kill"'],
    [[], '--file: is needed'],
  ])('refuses %j in one sentence, before the usage', (args, sentence) => {
    const { end, printed } = read(...args)
    expect(end).toBe('exit 2')
    expect(printed).toEqual([expect.stringMatching(/^error: [^\n]+\n\nUsage\.$/)])
    expect(printed![0]).toContain(sentence)
  })
})
