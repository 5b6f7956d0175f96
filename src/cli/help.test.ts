import { describe, expect, it } from 'vitest'
import type { CommandModule } from 'yargs'
import type { CommandGroup } from './command.js'
import { commands } from './commands/index.js'
import { program } from './program.js'
import { runEdt } from './testing/run-edt.js'

/** Every command line up to the name of a command that does something. */
function paths(modules: readonly CommandModule[], before: string[] = []): string[][] {
  return modules.flatMap((module) => {
    const path = [...before, String(module.command).split(' ')[0]]
    const { subcommands } = module as Partial<CommandGroup>
    return subcommands === undefined ? [path] : paths(subcommands, path)
  })
}

describe('edt --help', () => {
  it('names every command', async () => {
    const help = await program([], commands).getHelp()
    for (const { command } of commands) expect(help).toContain(`edt ${String(command).split(' ')[0]}`)
  })

  it.each(paths(commands).map((path) => path.join(' ')))('%s has two examples that call it', async (path) => {
    const help = await program(path.split(' '), commands).getHelp()
    const examples = help.slice(help.indexOf('\nExamples:\n')).match(new RegExp(`^ {2}(.* )?edt ${path}( |$)`, 'gm'))
    expect(examples?.length ?? 0).toBeGreaterThanOrEqual(2)
  })
})

describe('edt completion', () => {
  it('prints a script, whose questions are answered with commands, flags and their values', async () => {
    const env = { SHELL: '/bin/bash' }
    const ask = async (...words: string[]) => {
      const { stdout } = await runEdt(['--get-yargs-completions', 'edt', ...words], { env })
      return stdout.trim().split('\n')
    }
    const script = await runEdt(['completion', '--shell', 'bash'])
    expect(script).toMatchObject({ code: 0, stderr: '' })
    expect(script.stdout).toContain('complete -o bashdefault -o default -F _edt_yargs_completions edt')
    expect(await ask('gen')).toEqual(expect.arrayContaining(['generate', 'chat', 'completion']))
    expect(await ask('score', 'bleu', '--')).toEqual(expect.arrayContaining(['--tokenize', '--json']))
    expect(await ask('generate', '--strategy', '')).toEqual(expect.arrayContaining(['greedy', 'dynatemp']))
  }, 240_000)
})
