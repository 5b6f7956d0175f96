/** EDT inside plain transformers.js: the tuner of the prompt features sets T0 and θ of each prompt of the batch. */
import { AutoModelForCausalLM, AutoTokenizer, TextGenerationPipeline } from '@huggingface/transformers'
import { EdtLogitsProcessor, embeddedModelFolder } from 'edt-tuner'

const folder = embeddedModelFolder()
const tokenizer = await AutoTokenizer.from_pretrained(folder)
const model = await AutoModelForCausalLM.from_pretrained(folder, { dtype: 'q8' })
const generator = new TextGenerationPipeline({ task: 'text-generation', model, tokenizer })

const edt = await EdtLogitsProcessor.load('debian-6m/universal-prompt', { model, tokenizer, seed: 1 })
const prompts = [
  'Translate to German: Development files for the XML parser\nTranslation:',
  'Describe hello: example package\nDescription:',
]
// Greedy, because the processor has drawn already; sampling would scale the scores before it sees them.
const options = { logits_processor: edt, do_sample: false, max_new_tokens: 40, return_full_text: false }
const output = await generator(prompts, options)

for (const [i, { t0, theta, meanTemperature }] of edt.lastCall!.rows.entries()) {
  const [{ generated_text }] = output[i]
  const chosen = `T0 ${t0?.toFixed(2)}, θ ${theta?.toFixed(2)}, mean temperature ${meanTemperature.toFixed(2)}`
  console.log(`${chosen}:${String(generated_text).trimEnd()}`)
}

await model.dispose()
