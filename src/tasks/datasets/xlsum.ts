import { z } from 'zod'
import { dataset, isBlank } from './types.js'

/**
 * XL-Sum: news articles with a one-sentence summary.
 * @see Hasan et al. 2021, arXiv 2106.13822
 */
export const xlsum = dataset({
  name: 'xlsum',
  description: 'Summarize a news article in one sentence (XL-Sum)',
  templates: {
    plain: 'Article: {source}\n\nSummary of the article in one sentence:',
    chat: 'Summarize the following article in one sentence.\n\n{source}',
  },
  metric: 'rougeL',
  tokenize: '13a',
  maxNewTokens: 60,
  stop: ['\n'],
  row: z.looseObject({
    id: z.string(),
    text: z.string(),
    summary: z.string(),
    title: z.string().optional(),
    url: z.string().optional(),
  }),
  idField: 'id',
  *drafts({ id, text, summary }) {
    if (isBlank(text)) yield { leftOut: 'empty article' }
    else if (isBlank(summary)) yield { leftOut: 'empty summary' }
    else yield { id, source: text, references: [summary], document: text }
  },
})
