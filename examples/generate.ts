/** Answers a prompt with the embedded model and the tuner that ships for it. Run: npx tsx examples/generate.ts */
import { join } from 'node:path'
import { generate, loadModel, loadTuner } from '../src/index.js'
import { packageRoot } from '../src/package-root.js'

const model = await loadModel('debian-6m')
const tuner = await loadTuner(join(packageRoot(), 'checkpoints', 'debian-6m', 'universal'))

const prompt = 'Translate to French: This package contains the documentation for the Python library.\nTranslation:'
const { text, t0, theta } = await generate(model, prompt, { tuner, seed: 1 })
console.log(`T0 ${t0?.toFixed(2)}, θ ${theta?.toFixed(2)}:${text}`)

await model.dispose()
