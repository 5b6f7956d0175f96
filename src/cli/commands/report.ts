import { defineCommand } from '../command.js'

export const reportCommand = defineCommand({
  command: 'report <run>',
  describe: "Write a run's report anew, from its newest ablation and its studies",
  positionals: { run: { describe: 'A run folder with an ablation' } },
  flags: {},
  examples: [
    ['edt report runs/my-run', 'After `edt study`: the report then has the learning curves, too'],
    ['edt report runs/my-run --json', 'The paths of the page, of each figure and of each table'],
  ],
  async run({ positionals, output }) {
    const { reportInRun } = await import('../../../training/run/index.js')
    const files = await reportInRun(positionals.run!)
    output.print(`Report: ${files.html}`)
    output.print(
      `${files.figures.length} figures as SVG and PNG, ${files.tables.length} tables as CSV and JSON beside it`,
    )
    output.document(files)
  },
})
