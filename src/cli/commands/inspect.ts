import { defineCommand } from '../command.js'
import { printInspection } from '../inspect-view.js'

export const inspectCommand = defineCommand({
  command: 'inspect <path>',
  describe: 'Tell what a run folder, a checkpoint or a store is, and what to do next',
  positionals: { path: { describe: 'A run folder, a checkpoint folder, or a store.duckdb' } },
  flags: {},
  examples: [
    ['edt inspect runs/my-run', 'Settings, prompts done and left, best cells, scores, and the command that goes on'],
    ['edt inspect runs/my-run/checkpoint --json', "A tuner's tuner.json"],
  ],
  async run({ positionals, output }) {
    const { inspect } = await import('../../../training/run/index.js')
    const found = await inspect(positionals.path!)
    printInspection(found, output)
    output.document(found)
  },
})
