import { openTask } from '../../../src/tasks/index.js'
import { collect } from '../collect.js'
import { testRun } from './run.js'

// A collector as a process of its own, for tests that kill it: collect-main.ts STORE WORKERS. Writes a line for each
// prompt that is in the store.
const [storePath, workers] = process.argv.slice(2)
await collect({
  ...testRun,
  tasks: await Promise.all(testRun.tasks.map((name) => openTask(name))),
  storePath,
  workers: Number(workers),
  onProgress: ({ done }) => process.stdout.write(`${done}\n`),
})
