import { z } from 'zod'
import {
  bleuScorer,
  corpusBleu,
  corpusRouge,
  corpusSelfBleu,
  type RougeScore,
  type RougeScores,
  rouge,
} from '../../metrics/index.js'
import { defineCommand, defineGroup } from '../command.js'
import { choice, decimal, type Flags, integer, toggle } from '../flags.js'
import { readRows } from '../input.js'

const PAIR = z.strictObject({ hypothesis: z.string(), references: z.array(z.string()).min(1) })
const SAMPLES = z.strictObject({ samples: z.array(z.string()).min(2) })

const bleuFlags = {
  tokenize: choice("BLEU's tokenizer; zh for Chinese", ['13a', 'zh', 'char', 'intl', 'none'], { default: '13a' }),
  smooth: choice('Smoothing of n-gram orders without a match', ['exp', 'floor', 'add-k', 'none'], { default: 'exp' }),
  smoothValue: decimal('The constant of floor (0.1 unless given) or add-k (1)', { min: 0 }),
  lowercase: toggle('Lower-case everything first'),
} satisfies Flags

const outputFlags = {
  sentence: toggle('Print one score a line instead of the score of the whole file', { recorded: false }),
} satisfies Flags

const bleu = defineCommand({
  command: 'bleu <file>',
  describe: 'BLEU of {"hypothesis", "references"} a line, as sacreBLEU computes it',
  positionals: { file: { describe: 'JSONL file; - is standard input' } },
  flags: {
    ...bleuFlags,
    effectiveOrder: toggle('Leave out orders that a text is too short for (--sentence always does)'),
    ...outputFlags,
  },
  examples: [
    ['edt score bleu answers.jsonl', 'one line with the score and its signature'],
    ['edt score bleu answers.jsonl --tokenize zh --sentence', 'a score for each line of Chinese text'],
  ],
  async run({ settings, positionals, output }) {
    const rows = await readRows(positionals.file!, PAIR)
    const { tokenize, smooth, smoothValue, lowercase, effectiveOrder, sentence } = settings
    const options = { tokenize, smooth, smoothValue, lowercase }
    const corpus = corpusBleu(
      rows.map((row) => row.hypothesis),
      rows.map((row) => row.references),
      { ...options, effectiveOrder },
    )
    if (!sentence) {
      output.print(String(corpus))
      output.print(corpus.signature)
      return output.document({ metric: 'bleu', ...corpus })
    }
    const sentences = rows.map(({ hypothesis, references }) => bleuScorer(references, options)(hypothesis))
    for (const one of sentences) output.print(one.score.toFixed(2))
    output.say(`${sentences[0].signature}, sentence BLEU`)
    output.document({ metric: 'bleu', ...corpus, sentences })
  },
})

const rougeCommand = defineCommand({
  command: 'rouge <file>',
  describe: 'ROUGE-1, -2 and -L of {"hypothesis", "references"} a line, as rouge-score computes it',
  positionals: { file: { describe: 'JSONL file; - is standard input' } },
  flags: { stemmer: toggle("Compare word stems (Porter's stemmer)"), ...outputFlags },
  examples: [
    ['edt score rouge summaries.jsonl', 'the mean over the lines, with its signature'],
    ['edt score rouge summaries.jsonl --stemmer --json', 'over word stems, as JSON'],
  ],
  async run({ settings: { stemmer, sentence }, positionals, output }) {
    const rows = await readRows(positionals.file!, PAIR)
    const corpus = corpusRouge(
      rows.map((row) => row.hypothesis),
      rows.map((row) => row.references),
      { stemmer },
    )
    if (corpus.warning !== undefined) output.warn(corpus.warning)
    if (!sentence) {
      for (const [name, score] of rougeTypes(corpus)) output.print(`${name} = ${rougeLine(score)}`)
      output.print(corpus.signature)
      return output.document({ metric: 'rouge', ...corpus })
    }
    const sentences = rows.map(({ hypothesis, references }) => rouge(hypothesis, references, { stemmer }))
    for (const one of sentences) {
      output.print(
        rougeTypes(one)
          .map(([, { fmeasure }]) => (100 * fmeasure).toFixed(2))
          .join('\t'),
      )
    }
    output.say(`ROUGE-1, ROUGE-2, ROUGE-L (F1 × 100); ${corpus.signature}`)
    output.document({ metric: 'rouge', ...corpus, sentences })
  },
})

const selfBleuCommand = defineCommand({
  command: 'self-bleu <file>',
  describe: 'Self-BLEU of {"samples"} a line, one prompt\'s answers; lower is more diverse',
  positionals: { file: { describe: 'JSONL file; - is standard input' } },
  flags: {
    ...bleuFlags,
    group: integer('Compare samples in groups of this many', { min: 2, defaultDescription: 'all of a line' }),
    ...outputFlags,
  },
  examples: [
    ['edt score self-bleu samples.jsonl', 'the mean over the lines, with its signature'],
    ['edt score self-bleu samples.jsonl --group 5 --sentence', "each line's score, over groups of five samples"],
  ],
  async run({ settings, positionals, output }) {
    const rows = await readRows(positionals.file!, SAMPLES)
    const { tokenize, smooth, smoothValue, lowercase, group, sentence } = settings
    const corpus = corpusSelfBleu(
      rows.map((row) => row.samples),
      { tokenize, smooth, smoothValue, lowercase, group },
    )
    if (sentence) {
      for (const score of corpus.prompts) output.print(score.toFixed(2))
      output.say(corpus.signature)
    } else {
      output.print(`Self-BLEU = ${corpus.score.toFixed(2)} (mean of ${corpus.prompts.length})`)
      output.print(corpus.signature)
    }
    output.document({ metric: 'self-bleu', ...corpus })
  },
})

function rougeTypes({ rouge1, rouge2, rougeL }: RougeScores): [string, RougeScore][] {
  return [
    ['ROUGE-1', rouge1],
    ['ROUGE-2', rouge2],
    ['ROUGE-L', rougeL],
  ]
}

function rougeLine({ precision, recall, fmeasure }: RougeScore): string {
  const [p, r, f] = [precision, recall, fmeasure].map((part) => (100 * part).toFixed(2))
  return `${f} (P = ${p} R = ${r})`
}

export const scoreCommand = defineGroup('score', 'Score a JSONL file: score bleu, score rouge or score self-bleu', [
  bleu,
  rougeCommand,
  selfBleuCommand,
])
