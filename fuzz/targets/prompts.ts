import fc from 'fast-check'
import { extractFeatures, observePrompt } from '../../src/features/index.js'
import { ContextOverflowError, loadModel } from '../../src/lm/index.js'
import { generate } from '../../src/runtime/index.js'
import { hasSmolLM2, smolLM2Folder } from '../../src/testing/models.js'
import { type Target, ViolationError } from '../harness/types.js'
import { nastyTexts, text } from '../inputs/text.js'

/** Every so many prompts go through the whole of `generate()`; the others through tokenizer and features, which are where text is read. */
const GENERATE_EVERY = 10

/** Texts of a million characters; others take the tokenizer up to 18 s, see docs/reliability.md. */
const LONG = ['The quick brown fox. ', '<|im_end|>'].map((piece) => piece.repeat(1e6 / piece.length))

function promptTarget(name: string, id: string, controls: readonly string[], chat: boolean): Target<string> {
  return {
    name: `prompts-${name}`,
    about: `prompts of any text on ${name}: tokenizer, features and, for every tenth, generate()`,
    quickRuns: 40,
    async open() {
      const model = await loadModel(id, { threads: 1 })
      const leading = model.encode('')
      const controlIds = new Set(controls.flatMap((token) => model.encodeRendered(token)))
      const control = fc.constantFrom(...controls)
      const logits = new Float32Array(model.vocabularySize)
      const framed = chat ? count(model.encodeChat([{ role: 'user', content: 'x' }]).tokenIds) : 0
      let attempts = 0
      function count(ids: readonly number[]): number {
        return ids.filter((one) => controlIds.has(one)).length
      }
      return {
        inputs: fc.oneof(
          { arbitrary: text, weight: 2 },
          { arbitrary: fc.array(fc.oneof(text, control), { maxLength: 5 }).map((parts) => parts.join('')), weight: 2 },
        ),
        corpus: [...nastyTexts, ...controls, controls.join(''), ...LONG],
        async attempt(prompt) {
          const tokenIds = model.encode(prompt)
          if (count(tokenIds.slice(leading.length)) > 0) throw new ViolationError('the prompt holds control tokens')
          if (chat && count(model.encodeChat([{ role: 'user', content: prompt }]).tokenIds) !== framed) {
            throw new ViolationError('a message has added control tokens to the conversation, or taken some')
          }
          const { values } = extractFeatures(
            { ...observePrompt(prompt, { tokenIds, lastLogits: logits } as never), text: prompt },
            ['prompt', 'text'],
          )
          if (!values.every(Number.isFinite)) throw new ViolationError('a feature is no finite number')
          if (attempts++ % GENERATE_EVERY !== 0 && prompt.length < 1e5) return
          const options = { t0: 1, theta: 0.5, maxNewTokens: 2, seed: 1 }
          try {
            const answer = await generate(model, prompt, options)
            if (answer.newTokens < 1) throw new ViolationError('no token was drawn')
          } catch (error) {
            if (!(error instanceof ContextOverflowError)) throw error
            // Cut to the context it must be answered.
            if (prompt.length < 1e5) await generate(model, prompt, { ...options, truncate: true })
            throw error
          }
        },
        close: () => model.dispose(),
      }
    },
  }
}

export const promptTargets = [
  promptTarget('debian-6m', 'debian-6m', ['<|endoftext|>', '<|bos|>', '<|pad|>'], false),
  ...(hasSmolLM2
    ? [
        promptTarget(
          'smollm2',
          smolLM2Folder,
          ['<|im_start|>', '<|im_end|>', '<|endoftext|>', '<repo_name>', '<file_sep>'],
          true,
        ),
      ]
    : []),
] as Target<never>[]
