import { AutoModelForCausalLM, Tensor } from '@huggingface/transformers'
import { loadModel, newDecodeProfile, type Prefill } from '../../src/lm/index.js'
import { createRule, createSampler, randomStream, type Sampler } from '../../src/sampling/index.js'
import { cellStrategy, DEFAULT_GRID, gridCells } from '../../training/collect/grid.js'
import { type Spent, watch } from '../measure.js'
import { type BenchModel, embedded, promptOf, smolLM2, smolLM2Missing } from '../models.js'
import type { BenchOptions, Figure } from '../types.js'

const ROWS = 175
const PROMPT_TOKENS = 100
const NEW_TOKENS = 48

interface Speed extends Spent {
  tokens: number
  rows: number
}

const perSecond = ({ tokens, cpu }: Speed): number => tokens / cpu

const rate = ({ tokens, wall }: Speed): string => (tokens / wall).toFixed(0)

/** Issue 5, item 3: rollouts of one prompt against transformers.js `generate()` with the prompt repeated in the batch. */
export async function rolloutFigures(options: BenchOptions): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const model of [embedded, smolLM2]) {
    if (model === smolLM2 && smolLM2Missing !== undefined) options.say(smolLM2Missing)
    else figures.push(...(await compare(model, options)))
  }
  return figures
}

async function compare(bench: BenchModel, { quick, threads, say }: BenchOptions): Promise<Figure[]> {
  say(`rollouts on ${bench.name}: the engine`)
  const model = await loadModel(bench.folder, { dtype: bench.dtype, threads })
  const ids = promptOf(model, bench, PROMPT_TOKENS)
  const profile = newDecodeProfile()
  const prefill = await model.prefill(ids, { surprisals: false, profile })
  const whole = createSampler({ rule: createRule({ name: 'fixed', temperature: 1 }), truncation: { topP: 1 } })
  const cells = gridCells(DEFAULT_GRID).map((cell) =>
    createSampler({ rule: createRule(cellStrategy(cell)), truncation: { topP: 0.95 } }),
  )
  const run = async (samplers: readonly Sampler[], into = newDecodeProfile()): Promise<Speed> => {
    const engine = model.engine({ profile: into })
    const spent = watch()
    const each = Math.round(ROWS / samplers.length)
    const rows = await Promise.all(
      samplers.flatMap((sampler) =>
        Array.from({ length: each }, (_, i) =>
          engine.decode({ prefill, sampler, random: randomStream(1, i), maxNewTokens: NEW_TOKENS, stopStrings: [] }),
        ),
      ),
    )
    const tokens = rows.reduce((sum, row) => sum + row.steps, 0)
    return { tokens, ...spent(), rows: rows.length }
  }
  // The first run builds the rewritten graph; not part of a rollout's price.
  await warmUp(model, prefill, whole)
  const alike = await run([whole], profile)
  const grid = await run(cells)
  await model.dispose()

  const theirs: Speed[] = []
  for (const batch of quick ? bench.batches.slice(0, 1) : bench.batches) {
    say(`rollouts on ${bench.name}: generate() with ${batch} rows`)
    theirs.push(await generateByTransformers(bench, ids, batch, threads))
  }
  const best = theirs.reduce((a, b) => (perSecond(b) > perSecond(a) ? b : a))
  const baseline = {
    name: `transformers.js generate(), ${best.rows} rows at once (best of ${theirs.map(({ rows }) => rows).join(', ')})`,
    value: perSecond(best),
  }
  const ratio = perSecond(alike) / perSecond(best)
  return [
    {
      name: `rollouts, ${bench.name}, T = 1`,
      value: perSecond(alike),
      unit: 'tokens/CPU s',
      baseline,
      ratio,
      target: { text: `≥ ${bench.factor} ×`, met: ratio >= bench.factor },
      notes: [
        `${ROWS} rows of one prompt of ${PROMPT_TOKENS} tokens, up to ${NEW_TOKENS} new ones, whole vocabulary; ${alike.tokens.toLocaleString('en')} tokens drawn`,
        `by the clock ${rate(alike)} against ${rate(best)} tokens/s`,
        profileNote(profile),
      ],
    },
    {
      name: `rollouts, ${bench.name}, default grid`,
      value: perSecond(grid),
      unit: 'tokens/CPU s',
      baseline,
      ratio: perSecond(grid) / perSecond(best),
      notes: [
        `35 cells × 5 samples as edt collect draws them; ${grid.tokens.toLocaleString('en')} tokens drawn; ${rate(grid)} tokens/s by the clock`,
      ],
    },
  ]
}

async function warmUp(model: Awaited<ReturnType<typeof loadModel>>, prefill: Prefill, sampler: Sampler): Promise<void> {
  const engine = model.engine()
  const row = (i: number) => engine.decode({ prefill, sampler, random: randomStream(2, i), maxNewTokens: 2 })
  await Promise.all(Array.from({ length: 8 }, (_, i) => row(i)))
}

/** Generated tokens up to each row's end, per second; rows that are done wait for the last one, as they do for a user. */
async function generateByTransformers(
  bench: BenchModel,
  prompt: readonly number[],
  batch: number,
  threads: number,
): Promise<Speed> {
  const model = await AutoModelForCausalLM.from_pretrained(bench.folder, {
    dtype: bench.dtype,
    session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 },
  })
  const dims = [batch, prompt.length]
  const ids = BigInt64Array.from({ length: batch * prompt.length }, (_, i) => BigInt(prompt[i % prompt.length]))
  const inputs = {
    input_ids: new Tensor('int64', ids, dims),
    attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), dims),
  }
  // The embedded model's stop strings would end rows for the engine in another way than for generate().
  const options = { max_new_tokens: NEW_TOKENS, do_sample: true, temperature: 1, top_k: 0, stop_strings: null }
  await model.generate({ ...inputs, ...options, max_new_tokens: 1 } as never)
  const spent = watch()
  const output = (await model.generate({ ...inputs, ...options } as never)) as unknown as { tolist(): bigint[][] }
  const time = spent()
  const end = new Set([model.generation_config?.eos_token_id ?? []].flat().map(Number))
  const tokens = output.tolist().reduce((sum, row) => {
    const answer = row.slice(prompt.length).map(Number)
    const last = answer.findIndex((id) => end.has(id))
    return sum + (last < 0 ? answer.length : last + 1)
  }, 0)
  await model.dispose()
  return { tokens, ...time, rows: batch }
}

/** `model 78 %, draw 12 %, keys and values 7 %, bookkeeping 0 %`, of the engine's own time. */
export function profileNote({
  model,
  draw,
  cache,
  bookkeeping,
  rows,
  lanes,
}: ReturnType<typeof newDecodeProfile>): string {
  const total = model + draw + cache + bookkeeping
  const share = (part: number) => `${Math.round((100 * part) / total)} %`
  return `model ${share(model)}, draw ${share(draw)}, keys and values ${share(cache)}, bookkeeping ${share(bookkeeping)}; the model computed ${share((lanes / rows) * total)} of the rows`
}
