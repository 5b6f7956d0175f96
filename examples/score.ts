/** Scores answers: BLEU and ROUGE-L against references, Self-BLEU between the answers, and EDA, which joins the two. */
import { corpusBleu, corpusEda, corpusRouge, corpusSelfBleu, rouge } from 'edt-tuner/metrics'

const references = [['the cat sat on the mat'], ['hello there my friend']]
const answers = [
  ['the cat sat on a mat', 'a cat was on the mat'],
  ['hello there my friend', 'hi my dear friend'],
]
const first = answers.map(([answer]) => answer)

console.log(String(corpusBleu(first, references)))
console.log(`ROUGE-L ${(100 * corpusRouge(first, references).rougeL.fmeasure).toFixed(1)}`)

const selfBleu = corpusSelfBleu(answers)
console.log(`Self-BLEU ${selfBleu.score.toFixed(1)} (${selfBleu.signature})`)

// EDA joins the two, prompt by prompt, against the best quality and the highest Self-BLEU among the settings compared.
const quality = answers.map((own, i) =>
  Math.max(...own.map((answer) => 100 * rouge(answer, references[i]).rougeL.fmeasure)),
)
const eda = corpusEda({ quality, selfBleu: selfBleu.prompts, bestQuality: 90, worstSelfBleu: 60 })
console.log(`EDA ${eda.score.toFixed(1)} (${eda.signature})`)
