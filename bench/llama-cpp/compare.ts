/** Rollouts of one prompt in this engine against the batched sequences of llama.cpp, in turn, in one process. */
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { listOf, readFlags, whole } from '../../scripts/flags.js'
import { table } from '../../src/cli/format.js'
import { type LanguageModel, loadModel } from '../../src/lm/index.js'
import { createRule, createSampler, randomStream } from '../../src/sampling/index.js'
import { alternate, median, medianInterval, type Spent, watch } from '../measure.js'
import { promptOf, smolLM2, smolLM2Missing } from '../models.js'

const USAGE = `npx tsx bench/llama-cpp/compare.ts --gguf FILE [--threads N] [--sequences N,…] [--top-k K] [--rounds N] [--module FILE]

  --gguf FILE       SmolLM2-135M-Instruct; bench/llama-cpp/make-gguf.ts makes it
  --threads N       threads of a step, on both sides (default 1)
  --sequences N,…   sequences that llama.cpp decodes at once (default 16,64)
  --top-k K         llama.cpp draws from so many tokens only, to see what its draw from all of them costs (default 0: all)
  --rounds N        of each side (default 3)
  --module FILE     the entry of node-llama-cpp, when it is not installed here

  npm i --no-save node-llama-cpp@3 && npx tsx bench/llama-cpp/compare.ts --gguf smollm2.gguf`

const [ROWS, PROMPT_TOKENS, NEW_TOKENS] = [175, 100, 48]

/** What is used of node-llama-cpp, which is no dependency. */
interface LlamaSequence {
  readonly nextTokenIndex: number
  eraseContextTokenRanges(ranges: { start: number; end: number }[]): Promise<void>
  evaluateWithoutGeneratingNewTokens(tokens: readonly number[]): Promise<void>
  evaluate(tokens: readonly number[], options: Record<string, number | boolean>): AsyncIterable<number>
}
interface LlamaContext {
  getSequence(): LlamaSequence
  dispose(): Promise<void>
}
interface LlamaModel {
  createContext(options: Record<string, unknown>): Promise<LlamaContext>
}
interface Llama {
  loadModel(options: Record<string, unknown>): Promise<LlamaModel>
}

const flags = readFlags(
  USAGE,
  {
    gguf: { type: 'string' },
    threads: { type: 'string', default: '1' },
    sequences: { type: 'string', default: '16,64' },
    'top-k': { type: 'string', default: '0' },
    rounds: { type: 'string', default: '3' },
    module: { type: 'string' },
  },
  z.object({
    gguf: z.string('is needed'),
    threads: whole(1),
    sequences: listOf(whole(1)),
    'top-k': whole(0),
    rounds: whole(1),
    module: z.string().optional(),
  }),
)
if (smolLM2Missing !== undefined) throw new Error(smolLM2Missing)
const { threads, rounds, sequences, 'top-k': topK } = flags

const model = await loadModel(smolLM2.folder, { dtype: smolLM2.dtype, threads })
const prompt = promptOf(model, smolLM2, PROMPT_TOKENS)
const llamaModel = await loadLlama(flags.gguf)
console.log(await agreement())
const ways = [() => ownRollouts(model), ...sequences.map((n) => () => llamaRollouts(n))]
await alternate(1, ways)
const speeds = await alternate(rounds, ways)
const [own] = speeds
const names = ['edt-tuner', ...sequences.map((n) => `llama.cpp, ${n} sequences`)]
const rows = speeds.map((runs, i) => {
  const quotients = (part: 'cpu' | 'wall') =>
    runs.map((run, round) => own[round].tokens / own[round][part] / (run.tokens / run[part]))
  const [low, high] = medianInterval(quotients('wall'))
  return [
    names[i],
    median(runs.map(({ tokens, wall }) => tokens / wall)).toFixed(0),
    median(runs.map(({ tokens, cpu }) => tokens / cpu)).toFixed(0),
    i === 0 ? '' : `${median(quotients('wall')).toFixed(2)} × [${low.toFixed(2)}, ${high.toFixed(2)}]`,
    i === 0 ? '' : `${median(quotients('cpu')).toFixed(2)} ×`,
  ]
})
console.log(
  table(['', 'tokens/s', 'tokens/CPU s', 'edt-tuner is faster by the clock', 'by CPU'], rows, [
    'left',
    'right',
    'right',
    'right',
    'right',
  ]),
)
console.log(
  `${ROWS} rows of one prompt of ${PROMPT_TOKENS} tokens, up to ${NEW_TOKENS} new ones, temperature 1, ${topK === 0 ? 'whole vocabulary' : `whole vocabulary here, top-k ${topK} there`}; prefills not counted (one here, one a sequence there); ${threads} threads, median of ${rounds} rounds`,
)
process.exit(0)

async function loadLlama(gguf: string): Promise<LlamaModel> {
  const name = flags.module === undefined ? 'node-llama-cpp' : pathToFileURL(flags.module).href
  const { getLlama } = (await import(name).catch(() => {
    console.error(`node-llama-cpp is not installed: npm i --no-save node-llama-cpp@3, or name its entry with --module.`)
    process.exit(2)
  })) as { getLlama(options: object): Promise<Llama> }
  const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'error', maxThreads: threads })
  return llama.loadModel({ modelPath: gguf })
}

/** Greedy continuations of both, to see that they are one model. */
async function agreement(): Promise<string> {
  const context = await llamaModel.createContext({ sequences: 1, threads, contextSize: 256 })
  const theirs: number[] = []
  for await (const token of context.getSequence().evaluate(prompt, { temperature: 0 })) {
    if (theirs.push(token) === NEW_TOKENS) break
  }
  await context.dispose()
  const sampler = createSampler({ rule: createRule({ name: 'greedy' }), truncation: { topP: 1 } })
  const prefill = await model.prefill(prompt, { surprisals: false })
  const row = await model.engine().decode({ prefill, sampler, random: randomStream(1), maxNewTokens: NEW_TOKENS })
  let same = 0
  while (same < theirs.length && theirs[same] === row.tokenIds[same]) same++
  return `Greedy continuations: ${same} of ${Math.min(theirs.length, row.tokenIds.length)} tokens are the same before the first that differs.`
}

async function ownRollouts(model: LanguageModel): Promise<Spent & { tokens: number }> {
  const sampler = createSampler({ rule: createRule({ name: 'fixed', temperature: 1 }), truncation: { topP: 1 } })
  const prefill = await model.prefill(prompt, { surprisals: false })
  const engine = model.engine()
  const spent = watch()
  const rows = await Promise.all(
    Array.from({ length: ROWS }, (_, i) =>
      engine.decode({ prefill, sampler, random: randomStream(1, i), maxNewTokens: NEW_TOKENS, stopStrings: [] }),
    ),
  )
  return { tokens: rows.reduce((sum, { steps }) => sum + steps, 0), ...spent() }
}

/** A sequence that is done goes back to the end of the prompt and draws the next row. */
async function llamaRollouts(count: number): Promise<Spent & { tokens: number }> {
  const contextSize = (PROMPT_TOKENS + NEW_TOKENS + 8) * count
  const context = await llamaModel.createContext({ sequences: count, threads, contextSize, batchSize: 512 })
  const sequences = Array.from({ length: count }, () => context.getSequence())
  const [head, last] = [prompt.slice(0, -1), prompt.slice(-1)]
  await Promise.all(sequences.map((sequence) => sequence.evaluateWithoutGeneratingNewTokens(head)))
  const spent = watch()
  let [row, tokens] = [0, 0]
  await Promise.all(
    sequences.map(async (sequence) => {
      while (row < ROWS) {
        const seed = row++
        await sequence.eraseContextTokenRanges([{ start: head.length, end: sequence.nextTokenIndex }])
        let drawn = 0
        const sampling = { temperature: 1, topK, topP: 1, minP: 0, seed, yieldEogToken: true }
        for await (const _ of sequence.evaluate(last, sampling)) {
          tokens++
          if (++drawn === NEW_TOKENS) break
        }
      }
    }),
  )
  const time = spent()
  await context.dispose()
  return { tokens, ...time }
}
