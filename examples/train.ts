/** Trains a tuner on a task of your own and uses it. The sizes are tiny, to be seen at work; take hundreds of prompts. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate, loadModel, loadTuner, openTask } from 'edt-tuner'
import { inRun, train } from 'edt-tuner/training'

const folder = await mkdtemp(join(tmpdir(), 'my-task-'))
const template = 'Translate to French: {source}\nTranslation:'
const task = { name: 'my-task', description: 'Short lines', template, metric: 'bleu', maxNewTokens: 12, stop: ['\n'] }
await mkdir(join(folder, 'task'))
await writeFile(join(folder, 'task', 'task.json'), JSON.stringify(task))
const examples = [
  ['the documentation', 'la documentation'],
  ['the development files', 'les fichiers de développement'],
  ['the shared library', 'la bibliothèque partagée'],
  ['the source code', 'le code source'],
].map(([source, reference], i) => JSON.stringify({ id: String(i), source, references: [reference] }))
for (const split of ['train', 'validation', 'test']) {
  await writeFile(join(folder, 'task', `${split}.jsonl`), `${examples.join('\n')}\n`)
}

const tasks = [await openTask(join(folder, 'task'))]
const shared = { model: 'debian-6m', workers: 0, tasks }
const samples = 2 // of each prompt and cell; five are a good start
const { fitted } = await inRun(join(folder, 'run'), 'train', {}, (run) =>
  train(run, {
    collect: { ...shared, samples, grid: { t0: [0.5, 1], theta: [0, 1] } },
    fit: { name: 'my-tuner', epochs: 10 },
    evaluate: { ...shared, samples, tunePrompts: 0, oraclePrompts: 0, curvePrompts: 0, timingPrompts: 0 },
  }),
)
const { bestFixed, learned } = fitted.metadata.scores.validation
console.log(`EDA on validation prompts: ${learned.toFixed(1)} learned, ${bestFixed.toFixed(1)} best fixed`)

const model = await loadModel('debian-6m')
const tuner = await loadTuner(fitted.checkpoint)
const prompt = template.replace('{source}', 'the header files')
const { text, t0, theta } = await generate(model, prompt, { tuner, seed: 1 })
console.log(`T0 ${t0?.toFixed(2)}, θ ${theta?.toFixed(2)}:${text}`)

await model.dispose()
await rm(folder, { recursive: true })
