import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc, { type Arbitrary } from 'fast-check'
import type { CommandModule } from 'yargs'
import { type CommandGroup, type DefinedCommand, defineGroup } from '../../src/cli/command.js'
import { commands } from '../../src/cli/commands/index.js'
import { program } from '../../src/cli/program.js'
import { strategyFlags, temperatureChoice } from '../../src/cli/strategy-flags.js'
import { type Target, ViolationError } from '../harness/types.js'
import { brokenJson, edited, jsonFile } from '../inputs/json.js'
import { nastyTexts, text } from '../inputs/text.js'

/** The same commands, which only read their command line; a check of what came out stands where the work was. */
function reading(
  command: CommandModule,
  check: (name: string, settings: Record<string, unknown>) => void,
): CommandModule {
  const { subcommands } = command as Partial<CommandGroup>
  if (subcommands !== undefined) {
    const inner = subcommands.map((one) => reading(one, check))
    return defineGroup(String(command.command), String(command.describe), inner)
  }
  return {
    ...command,
    handler: async (argv) => {
      const { settings } = await (command as DefinedCommand).read(argv)
      check(String(command.command).split(' ')[0], settings)
    },
  }
}

/** What holds of settings that were accepted. */
function checkSettings(name: string, settings: Record<string, unknown>): void {
  if (Object.getPrototypeOf(settings) !== Object.prototype)
    throw new ViolationError(`${name}: settings with a strange prototype`)
  for (const [key, value] of Object.entries(settings)) {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new ViolationError(`${name}: ${key} is ${value}`)
  }
  if ('strategy' in settings) temperatureChoice(settings as Parameters<typeof temperatureChoice>[0])
}

const readingCommands = commands.map((command) => reading(command, checkSettings))

/** Reads flags without yargs, by the name of the command. */
const readers = new Map(commands.flatMap((command) => readersOf(command)))

function readersOf(command: CommandModule, group = ''): [string, (given: object) => Promise<void>][] {
  const name = String(command.command).split(' ')[0]
  const { subcommands } = command as Partial<CommandGroup>
  if (subcommands !== undefined) return subcommands.flatMap((inner) => readersOf(inner, `${name} `))
  const read = async (given: object) => {
    const { settings } = await (command as DefinedCommand).read({ _: [name], $0: 'edt', ...given })
    checkSettings(name, settings)
  }
  return [[group + name, read]]
}

async function parse(words: readonly string[]): Promise<void> {
  const { log } = console
  // yargs prints its help by itself.
  console.log = () => {}
  try {
    await program(words, readingCommands).parseAsync()
  } finally {
    console.log = log
  }
}

const names = commands.flatMap((command) => {
  const name = String(command.command).split(' ')[0]
  const { subcommands = [] } = command as Partial<CommandGroup>
  if (subcommands.length === 0) return [[name]]
  return [[name], ...subcommands.map((inner) => [name, String(inner.command).split(' ')[0]])]
})

/** Flags of any command, most of which a given command does not have. */
const flagNames = [
  ...Object.keys(strategyFlags).map((name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)),
  ...[
    'config',
    'json',
    'quiet',
    'verbose',
    'model',
    'task',
    'out',
    'seed',
    'samples',
    'top-p',
    'top-k',
    'min-p',
    'stop',
    'file',
  ],
  ...[
    'grid-t0',
    'grid-theta',
    'features',
    'strategies',
    'hidden',
    'split-shares',
    'workers',
    'threads',
    'system',
    'question',
  ],
  ...[
    'max-new-tokens',
    'metric',
    'tokenize',
    'template',
    'port',
    'host',
    'help',
    'version',
    'chat',
    'trace',
    'tokenise',
  ],
  ...['__proto__', '__proto__.polluted', 'constructor', 'constructor.prototype.polluted', 'toString', '_', '$0', ''],
]

const numeric = fc.constantFrom(
  '0',
  '1',
  '0.5',
  '-1',
  '1e9',
  '1e400',
  'NaN',
  '0x1F',
  ' ',
  '1,2,3',
  '1,,2',
  ',',
  '1.5.2',
  '٣',
  '1_000',
)

const word: Arbitrary<string[]> = fc.oneof(
  {
    arbitrary: fc
      .tuple(fc.constantFrom(...flagNames), fc.oneof(numeric, text))
      .map(([flag, value]) => [`--${flag}`, value]),
    weight: 5,
  },
  {
    arbitrary: fc
      .tuple(fc.constantFrom(...flagNames), fc.oneof(numeric, text))
      .map(([flag, value]) => [`--${flag}=${value}`]),
    weight: 2,
  },
  { arbitrary: fc.constantFrom(...flagNames).map((flag) => [`--no-${flag}`]), weight: 1 },
  {
    arbitrary: fc.oneof(text, fc.constantFrom('-', '--', '-q', '-h', '-abc', '---', '--=', '=')).map((one) => [one]),
    weight: 2,
  },
)

const flags: Target<string[]> = {
  name: 'command-line',
  about: 'flags and arguments of every command',
  async open() {
    return {
      inputs: fc
        .tuple(
          fc.oneof(
            fc.constantFrom(...names),
            text.map((one) => [one]),
          ),
          fc.array(word, { maxLength: 6 }),
        )
        .map(([command, words]) => [...command, ...words.flat()]),
      corpus: [[], ...nastyTexts.map((one) => [one]), ...names, ...names.map((name) => [...name, '--help'])],
      attempt: parse,
    }
  },
}

/** Settings that every command that works in a run writes down. */
const settings = {
  collect: {
    task: ['answer'],
    samples: 5,
    gridT0: [0.5, 1],
    gridTheta: [0, 1],
    topP: 0.95,
    seed: 0,
    model: 'debian-6m',
    workers: 2,
  },
  fit: { name: 'tuner', features: ['prompt'], balance: 'any', epochs: 3, hidden: [8, 8], seed: 0, backend: 'wasm' },
  ablate: { split: 'test', strategies: ['min-p'], testPrompts: 5, testSamples: 10, tuneSamples: 5, seed: 0 },
}

const configFile: Target<{ command: string; content: Buffer }> = {
  name: 'config-file',
  about: '--config files of every command',
  async open(folder) {
    const path = join(folder, 'config.json')
    const flat = { ...settings.collect, ...settings.fit, balance: 0.5, 'max-new-tokens': 5, maxNewTokens: 3 }
    return {
      inputs: fc.record({
        command: fc.constantFrom(...readers.keys()),
        content: jsonFile([settings, flat, settings.fit]),
      }),
      corpus: brokenJson.flatMap((broken) => [
        { command: 'collect', content: Buffer.from(broken) },
        { command: 'generate', content: Buffer.from(broken) },
      ]),
      async attempt({ command, content }) {
        await writeFile(path, content)
        await readers.get(command)!({ config: path })
      },
    }
  },
}

const runSettings: Target<{ command: string; content: Buffer }> = {
  name: 'run-settings',
  about: "settings.json of a run's folder, as the next command reads it",
  async open(folder) {
    await mkdir(folder, { recursive: true })
    return {
      inputs: fc.record({
        command: fc.constantFrom('collect', 'fit', 'ablate', 'study', 'train', 'quickstart'),
        content: fc.oneof(
          jsonFile([settings]),
          edited([settings]).map((any) => Buffer.from(JSON.stringify(any) ?? '')),
        ),
      }),
      corpus: brokenJson.map((broken) => ({ command: 'collect', content: Buffer.from(broken) })),
      async attempt({ command, content }) {
        await writeFile(join(folder, 'settings.json'), content)
        await readers.get(command)!({ out: folder })
      },
    }
  },
}

export const commandLineTargets = [flags, configFile, runSettings] as Target<never>[]
