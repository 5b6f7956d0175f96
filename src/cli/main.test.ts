import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { commands } from './commands/index.js'
import { main } from './main.js'

describe('a command line that cannot be run', () => {
  let stderr = ''
  beforeEach(() => {
    stderr = ''
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      stderr += text
      return true
    })
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it.each([
    [['generat', 'Hello, world'], 'There is no command "generat". Did you mean "generate"?'],
    [['score', 'rogue', 'x'], 'score: there is no "rogue". Did you mean "rouge"?'],
    [['score', 'meteor', 'x'], 'score: there is no "meteor". There is: bleu, rouge, self-bleu.'],
    [['generate', 'x', '--max-new-token', '5'], 'There is no flag "--max-new-token". Did you mean "--max-new-tokens"?'],
    [['generate', 'x', '--samples', 'two'], '--samples must be a whole number of at least 1, but is "two".'],
    [['score', 'bleu', 'x', '--config', 'a', '--config', 'b'], 'Give one --config file.'],
    [['score', 'bleu'], 'An argument is missing: edt score bleu <file>. See `edt score bleu --help`.'],
    [['score'], 'Say what to do: edt score bleu | rouge | self-bleu. See `edt score --help`.'],
    [['generate', 'x', '--constructor', 'y'], 'There is no flag "--constructor".'],
    [['generate', 'x', '--no-toString=y'], 'There is no flag "--toString".'],
    [['score', 'bleu', 'x', '--tokenize'], '--tokenize needs a value. See `edt score bleu --help`.'],
    [['generate', 'one', 'two'], 'generate: "two" is one argument too many; put an argument with blanks in quotes.'],
    [['generate', 'one', '--', '-two'], '"-two" is one argument too many; put an argument with blanks in quotes.'],
  ])('%j ends with 2 and says what to do', async (args, message) => {
    expect(await main(args, commands)).toBe(2)
    expect(stderr).toContain(`edt: ${message}`)
  })

  it('without any command lists the commands', async () => {
    expect(await main([], commands)).toBe(2)
    for (const { command } of commands) expect(stderr).toContain(String(command).split(' ')[0])
  })
})
