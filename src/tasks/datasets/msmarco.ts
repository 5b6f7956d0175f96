import { z } from 'zod'
import { dataset, isBlank } from './types.js'

/** What version 2.1 writes where nobody could answer; version 1.1 has an empty list there. */
const NO_ANSWER = 'No Answer Present.'

const passages = z
  .looseObject({ is_selected: z.array(z.int()), passage_text: z.array(z.string()) })
  .refine(({ is_selected, passage_text }) => is_selected.length === passage_text.length, {
    path: ['is_selected'],
    message: 'expected a list as long as passage_text',
  })

/**
 * MS MARCO question answering, v1.1: a query to a search engine, passages, and answers that people wrote.
 *
 * The source is the passages that the answer was written from (`is_selected`), which keeps prompts short; all of them where none is marked.
 * @see Bajaj et al. 2016, arXiv 1611.09268
 */
export const msmarco = dataset({
  name: 'msmarco',
  description: 'Answer a search query from the passages that were selected for it (MS MARCO v1.1)',
  templates: {
    plain: 'Passage: {source}\n\nQuestion: {question}\nAnswer:',
    chat: 'Answer the question from the passage, in one short sentence.\n\nPassage: {source}\n\nQuestion: {question}',
  },
  metric: 'rougeL',
  tokenize: '13a',
  maxNewTokens: 48,
  stop: ['\n'],
  row: z.looseObject({
    query: z.string(),
    answers: z.array(z.string()),
    passages,
    query_id: z.int().optional(),
    query_type: z.string().optional(),
    wellFormedAnswers: z.array(z.string()).optional(),
  }),
  idField: 'query_id',
  *drafts({ query, query_id, answers, passages: { is_selected, passage_text } }) {
    const references = answers.filter((answer) => !isBlank(answer) && answer !== NO_ANSWER)
    const selected = passage_text.filter((_, i) => is_selected[i] === 1)
    const source = (selected.length > 0 ? selected : passage_text).join('\n')
    if (isBlank(query)) yield { leftOut: 'empty query' }
    else if (references.length === 0) yield { leftOut: 'no answer' }
    else if (isBlank(source)) yield { leftOut: 'no passage' }
    else {
      const id = query_id === undefined ? undefined : String(query_id)
      const document = query.toLowerCase().replace(/\s+/g, ' ').trim()
      yield { id, source, fields: { question: query }, references, document }
    }
  },
})
