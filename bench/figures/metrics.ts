import { Bench } from 'tinybench'
import { bleuScorer, rouge, rougeScorer, selfBleu } from '../../src/metrics/index.js'
import { medianLatency } from '../median-latency.js'
import type { BenchOptions, Figure } from '../types.js'

const WORDS =
  'the of and to in a is that for it as was with be by on not he his but at are this have from or had'.split(' ')

/** Texts of 30 words, with a comma and a final stop, that share many n-grams. */
function texts(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const words = Array.from({ length: 30 }, (_, j) => WORDS[(j * 7 + (j % (i + 3) === 0 ? i : 0)) % WORDS.length])
    return `${words.slice(0, 12).join(' ')}, ${words.slice(12).join(' ')}.`
  })
}

/** The scores of one rollout: 5 samples of 30 words. */
export async function metricFigures({ quick, say }: BenchOptions): Promise<Figure[]> {
  say('metrics')
  const samples = texts(5)
  const reference = texts(8)[7]
  const time = quick ? 100 : 500
  const bench = new Bench({ time, warmupTime: time / 2 })
  bench
    .add('Self-BLEU of 5 samples of 30 words', () => void selfBleu(samples))
    .add('ROUGE of 30 words against one reference', () => void rouge(samples[0], reference))
    .add('sentence BLEU of 5 samples against one reference', () => {
      const score = bleuScorer([reference])
      for (const sample of samples) score(sample)
    })
    .add('ROUGE of 5 samples against one reference', () => {
      const score = rougeScorer(reference)
      for (const sample of samples) score(sample)
    })
  await bench.run()
  return bench.tasks.map((task) => ({ name: task.name, value: medianLatency(task) * 1000, unit: 'µs' }))
}
