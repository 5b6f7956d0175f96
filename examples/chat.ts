/**
 * Talks with a chat model, with T0 and θ set by hand.
 * EDT_CHAT_MODEL names another model: a hub id, or a folder in the layout of transformers.js.
 */
import { type ChatMessage, generate, loadModel } from 'edt-tuner'

const model = await loadModel(process.env.EDT_CHAT_MODEL ?? 'HuggingFaceTB/SmolLM2-135M-Instruct')
const messages: ChatMessage[] = []

for (const content of ['What is the capital of France?', 'And of Italy?']) {
  messages.push({ role: 'user', content })
  const { text, samples } = await generate(model, messages, { t0: 0.3, theta: 1, seed: 1, maxNewTokens: 24 })
  messages.push({ role: 'assistant', content: text })
  console.log(`${content} ${text} (mean temperature ${samples[0].meanTemperature.toFixed(2)})`)
}

await model.dispose()
