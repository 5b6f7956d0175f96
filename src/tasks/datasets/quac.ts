import { z } from 'zod'
import { type Draft, dataset, isBlank, type LeftOut } from './types.js'

/** What QuAC writes for "no answer"; every section ends with it, so that it is a span of the text. */
const CANNOT_ANSWER = 'CANNOTANSWER'

/** Earlier turns that a question is shown with. */
const EARLIER_TURNS = 3

const texts = z.array(z.string())

const nestedTurn = z.looseObject({
  id: z.string(),
  question: z.string(),
  answers: z.array(z.looseObject({ text: z.string() })),
  orig_answer: z.looseObject({ text: z.string() }).optional(),
})

/** An article of the original files: `{"data": [article, …]}`. */
const nested = z.looseObject({
  title: z.string(),
  section_title: z.string().optional(),
  paragraphs: z.array(z.looseObject({ context: z.string(), qas: z.array(nestedTurn) })),
})

/** A dialogue as the hub's files have it. */
const flattened = z.looseObject({
  dialogue_id: z.string(),
  context: z.string(),
  questions: texts,
  turn_ids: texts,
  answers: z.looseObject({ texts: z.array(texts) }),
  orig_answers: z.looseObject({ texts }).optional(),
})

interface Turn {
  id: string
  question: string
  /** The answer that the dialogue went on with. */
  answer: string
  references: string[]
}

/**
 * QuAC: a dialogue about a section of Wikipedia. A row is a dialogue; each turn that can be answered makes an example of its own, with the section as source
 * and the three turns before it (with the answers people gave) in front of its question.
 * @see Choi et al. 2018, arXiv 1808.07036
 */
export const quac = dataset({
  name: 'quac',
  description: 'Answer a question of a dialogue about a section of Wikipedia (QuAC)',
  templates: {
    plain: '{source}\n\nQuestion: {question}\nAnswer:',
    chat: 'Answer the last question from the text, with a short passage of it.\n\n{source}\n\nQuestion: {question}',
  },
  metric: 'rougeL',
  tokenize: '13a',
  maxNewTokens: 48,
  stop: ['\n'],
  row: z.union([nested, flattened]),
  idField: 'id',
  *drafts(row) {
    if ('paragraphs' in row) {
      for (const { context, qas } of (row as z.output<typeof nested>).paragraphs) {
        const turns = qas.map(({ id, question, answers, orig_answer }) => {
          const references = answers.map(({ text }) => text)
          return { id, question, references, answer: orig_answer?.text ?? references[0] ?? CANNOT_ANSWER }
        })
        yield* dialogue(context, turns)
      }
      return
    }
    const { context, questions, turn_ids, answers, orig_answers } = row as z.output<typeof flattened>
    const turns = questions.map((question, i) => {
      const references = answers.texts[i] ?? []
      return { id: turn_ids[i], question, references, answer: orig_answers?.texts[i] ?? references[0] ?? CANNOT_ANSWER }
    })
    yield* dialogue(context, turns)
  },
})

function* dialogue(context: string, turns: readonly Turn[]): Generator<Draft | LeftOut> {
  const source = context.replace(new RegExp(`\\s*${CANNOT_ANSWER}\\s*$`), '')
  for (const [i, { id, question, references, answer }] of turns.entries()) {
    const answers = [...new Set(references.filter((text) => !isBlank(text) && text !== CANNOT_ANSWER))]
    if (isBlank(source)) yield { leftOut: 'empty section' }
    else if (answer === CANNOT_ANSWER || answers.length === 0) yield { leftOut: 'cannot be answered' }
    else {
      const earlier = turns.slice(Math.max(0, i - EARLIER_TURNS), i)
      const history = earlier.map((turn) => `${turn.question}\nAnswer: ${spoken(turn.answer)}\nQuestion: `)
      yield { id, source, fields: { question: history.join('') + question }, references: answers, document: context }
    }
  }
}

function spoken(answer: string): string {
  return answer === CANNOT_ANSWER ? 'The text does not say.' : answer
}
