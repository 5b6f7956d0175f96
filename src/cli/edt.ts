#!/usr/bin/env node
import { commands } from './commands/index.js'
import { main } from './main.js'

// A reader such as `head` that has seen enough closes the pipe; that is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

process.exitCode = await main(process.argv.slice(2), commands)
