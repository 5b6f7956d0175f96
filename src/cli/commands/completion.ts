import yargs from 'yargs'
import { defineCommand } from '../command.js'
import { choice, type Flags } from '../flags.js'

const flags = {
  shell: choice('For which shell', ['bash', 'zsh', 'fish'], { defaultDescription: 'that of $SHELL, else bash' }),
} satisfies Flags

export const completionCommand = defineCommand({
  command: 'completion',
  describe: 'Print a script that completes commands, flags and their values in your shell',
  flags,
  examples: [
    ['edt completion >> ~/.bashrc', 'For the shell that you are in; takes effect in the next one'],
    ['edt completion --shell fish > ~/.config/fish/completions/edt.fish', 'For fish'],
  ],
  async run({ settings: { shell }, output }) {
    // yargs knows the shell by this variable, and prints by the console alone, which is stderr for commands.
    if (shell !== undefined) process.env.SHELL = shell
    let script = ''
    const { log } = console
    console.log = (text: string) => {
      script += text
    }
    try {
      yargs().scriptName('edt').showCompletionScript()
    } finally {
      console.log = log
    }
    output.print(script)
    output.document({ script })
  },
})
