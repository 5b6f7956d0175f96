/** Shows an answer as it comes, with the temperature of every token; leaving the loop stops the decoding. */
import { loadModel, loadTuner, stream } from 'edt-tuner'

const model = await loadModel('debian-6m')
const tuner = await loadTuner('debian-6m/universal')

const prompt = 'Describe libfoo-dev: development files for the foo library\nDescription:'
for await (const chunk of stream(model, prompt, { tuner, seed: 1 })) {
  if (chunk.type === 'start') console.log(`T0 ${chunk.t0?.toFixed(2)}, θ ${chunk.theta?.toFixed(2)}`)
  if (chunk.type === 'token') console.log(`${chunk.text.padEnd(16)} ${chunk.temperature.toFixed(2)}`)
  if (chunk.type === 'end') console.log(`ended by ${chunk.stopReason} after ${chunk.newTokens} tokens`)
}

await model.dispose()
