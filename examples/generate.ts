/** Answers a prompt: the tuner that ships for the embedded model sets T0 and θ. */
import { generate, loadModel, loadTuner } from 'edt-tuner'

const model = await loadModel('debian-6m')
const tuner = await loadTuner('debian-6m/universal')

const prompt = 'Translate to French: This package contains the documentation for the Python library.\nTranslation:'
const { text, t0, theta } = await generate(model, prompt, { tuner, seed: 1 })
console.log(`T0 ${t0?.toFixed(2)}, θ ${theta?.toFixed(2)}:${text}`)

// Quality counts nine times as much as diversity, and no temperature above 0.8 is allowed.
const careful = await generate(model, prompt, { tuner, seed: 1, balance: 0.9, t0Range: [0, 0.8], samples: 3 })
for (const sample of careful.samples) console.log(`T0 ${careful.t0?.toFixed(2)}:${sample.text} (${sample.stopReason})`)

await model.dispose()
