import { resumeStore } from '../open.js'
import { examplePrompts, exampleResult, exampleSettings } from './run.js'

// A process that does nothing but write prompts, for a test that kills it: writer.ts STORE PROMPTS. With so small a log,
// it is merged into the file every few prompts.
const [path, prompts] = process.argv.slice(2)
const store = await resumeStore(path, exampleSettings(), {})
await store.database.run("SET checkpoint_threshold = '20KB'")
const { pending } = await store.plan(examplePrompts('answer', Number(prompts)))
for (const { promptId } of pending) {
  await store.writeRollouts(exampleResult(promptId, (cell, sample) => `${promptId} ${cell} ${sample} `.repeat(20)))
  process.stdout.write('.')
}
await store.close()
