/** Tokenizers of BLEU as sacreBLEU names them. */
export type BleuTokenizer = '13a' | 'zh' | 'char' | 'intl' | 'none'

/** What BLEU does about orders without a match (Chen and Cherry 2014): sacreBLEU's `smooth_method`. */
export type BleuSmoothing = 'exp' | 'floor' | 'add-k' | 'none'

export interface BleuOptions {
  /**
   * How text becomes tokens; use `zh` for Chinese.
   * @default '13a'
   * @example 'zh'
   */
  tokenize?: BleuTokenizer
  /**
   * Smoothing of orders without a match.
   * @default 'exp'
   * @example 'floor'
   */
  smooth?: BleuSmoothing
  /**
   * The constant of `floor` and `add-k`, ≥ 0; the other methods take none.
   * @default 0.1 for `floor`, 1 for `add-k`
   * @example 0.5
   */
  smoothValue?: number
  /**
   * Lower-case both sides first.
   * @default false
   * @example true
   */
  lowercase?: boolean
  /**
   * Average over the orders that the hypothesis is long enough for, instead of always four.
   * @default true for one sentence and for Self-BLEU, false for a corpus
   * @example true
   */
  effectiveOrder?: boolean
}

export interface SelfBleuOptions extends BleuOptions {
  /**
   * n: average over disjoint groups of this many samples, in order; samples that do not fill a group are left out. ≥ 2.
   * Self-BLEU grows with n, so compare two values only at the same n.
   * @default all samples in one group
   * @example 5
   */
  group?: number
}

/** Self-BLEU of one prompt's samples. */
export interface SelfBleuScore {
  /** Mean over the groups, 0–100; lower is more diverse. */
  score: number
  /** Self-BLEU of each group, in sample order. */
  groups: number[]
  /** BLEU of each sample against the others of its group, in sample order; left-over samples have none. */
  samples: number[]
  /** e.g. `n:5|nrefs:4|case:mixed|eff:yes|tok:13a|smooth:exp|version:edt-tuner-0.1.0` */
  signature: string
}

/** Self-BLEU of many prompts. */
export interface CorpusSelfBleuScore {
  /** Mean over the prompts, 0–100; lower is more diverse. */
  score: number
  /** Self-BLEU of each prompt. */
  prompts: number[]
  /** As one prompt's; `n:var` when the prompts differ in the number of samples compared. */
  signature: string
}

export interface RougeOptions {
  /**
   * Reduce tokens of more than three characters to their Porter stem first.
   * @default false
   * @example true
   */
  stemmer?: boolean
}

/** One ROUGE type; each number is a fraction of 1. */
export interface RougeScore {
  precision: number
  recall: number
  fmeasure: number
}

export interface RougeScores {
  /** Words in common. */
  rouge1: RougeScore
  /** Pairs of neighbouring words in common. */
  rouge2: RougeScore
  /** Longest common subsequence of words. */
  rougeL: RougeScore
  /** e.g. `nrefs:1|case:lc|tok:rouge|stem:no|version:edt-tuner-0.1.0` */
  signature: string
  /** Set when a text is mostly outside a–z and 0–9, where ROUGE means nothing (Chinese scores 0 against itself). */
  warning?: string
}

/** ROUGE over many predictions: the mean of each number. */
export interface CorpusRougeScores extends RougeScores {
  /** How many predictions were averaged. */
  count: number
}

export interface EdaInput {
  /** Q, 0–100. For a corpus the mean over prompts. */
  quality: number
  /** D, 0–100. For a corpus the mean over prompts. */
  selfBleu: number
  /** Q*: the highest quality among the settings compared, > 0. */
  bestQuality: number
  /** D*: the highest Self-BLEU among the settings compared, > 0. */
  worstSelfBleu: number
  /**
   * Weights ≥ 0 of the quality term and the Self-BLEU term; (w, 1 − w) is the `balance` w.
   * @default [0.5, 0.5]
   * @example [0.7, 0.3]
   */
  weights?: readonly [quality: number, selfBleu: number]
}

export interface CorpusEdaInput extends Omit<EdaInput, 'quality' | 'selfBleu'> {
  /** Q of each prompt, 0–100. */
  quality: readonly number[]
  /** D of each prompt, 0–100, in the same order. */
  selfBleu: readonly number[]
}

/** EDA with everything that it depends on. */
export interface EdaScore extends Required<EdaInput> {
  /** ≥ 0; lower is better. 0 is the best quality with no overlap between samples. */
  score: number
  /** e.g. `best-quality:41.5|worst-self-bleu:63.2|weights:0.5,0.5|version:edt-tuner-0.1.0` */
  signature: string
}

export interface DistinctOptions {
  /**
   * Length of the n-grams, ≥ 1.
   * @default 2
   * @example 1
   */
  n?: number
  /**
   * How text becomes tokens, as for BLEU.
   * @default '13a'
   * @example 'zh'
   */
  tokenize?: BleuTokenizer
  /**
   * Lower-case first.
   * @default false
   * @example true
   */
  lowercase?: boolean
}

export interface DistinctScore {
  /** Different n-grams over all n-grams, a fraction of 1; higher is more diverse. 0 when no sample is long enough. */
  score: number
  /** Different n-grams. */
  distinct: number
  /** All n-grams. */
  total: number
  /** e.g. `n:2|case:mixed|tok:13a|version:edt-tuner-0.1.0` */
  signature: string
}
