export { bleuScorer, corpusBleu, sentenceBleu } from './bleu.js'
export { BleuScore } from './bleu-score.js'
export { corpusSelfBleu, selfBleu } from './self-bleu.js'
