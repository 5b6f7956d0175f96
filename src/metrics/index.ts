export { bleuScorer, corpusBleu, sentenceBleu } from './bleu.js'
export { BleuScore } from './bleu-score.js'
export { distinct } from './distinct.js'
export { corpusEda, eda } from './eda.js'
export { MetricInputError } from './errors.js'
export { corpusRouge, rouge, rougeScorer } from './rouge.js'
export { corpusSelfBleu, selfBleu } from './self-bleu.js'
export { BLEU_TOKENIZER_NAMES } from './tokenizers.js'
export type {
  BleuOptions,
  BleuSmoothing,
  BleuTokenizer,
  CorpusEdaInput,
  CorpusRougeScores,
  CorpusSelfBleuScore,
  DistinctOptions,
  DistinctScore,
  EdaInput,
  EdaScore,
  RougeOptions,
  RougeScore,
  RougeScores,
  SelfBleuOptions,
  SelfBleuScore,
} from './types.js'
