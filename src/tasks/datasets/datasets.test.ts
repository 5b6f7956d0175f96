import { describe, expect, it } from 'vitest'
import { genericDataset } from './generic.js'
import { datasets } from './table.js'
import type { Dataset } from './types.js'

const draftsOf = (dataset: Dataset, row: unknown) => [...dataset.drafts(dataset.row.parse(row))]
const drafts = (name: string, row: unknown) => draftsOf(datasets.get(name)!, row)

describe.each([...datasets.values()])('$name', ({ templates, metric, tokenize, name }) => {
  it('asks for its source in both templates, and only the plain one leads up to the answer', () => {
    expect(templates.plain).toContain('{source}')
    expect(templates.chat).toContain('{source}')
    expect(templates.plain).toMatch(/:$/)
    expect(templates.chat).not.toMatch(/:$/)
  })

  it('is judged by BLEU in translation, over Chinese characters where they are the answer', () => {
    expect(metric).toBe(name.startsWith('wmt19') ? 'bleu' : 'rougeL')
    expect(tokenize).toBe(name === 'wmt19-en-zh' ? 'zh' : '13a')
  })
})

describe('xlsum', () => {
  const row = { id: '1', url: 'u', title: 't', summary: 'It rained.', text: 'It rained all day.' }

  it('summarizes the text', () => {
    expect(drafts('xlsum', row)).toEqual([
      { id: '1', source: 'It rained all day.', references: ['It rained.'], document: 'It rained all day.' },
    ])
  })

  it('leaves out rows without a text or a summary', () => {
    expect(drafts('xlsum', { ...row, text: ' ' })).toEqual([{ leftOut: 'empty article' }])
    expect(drafts('xlsum', { ...row, summary: '' })).toEqual([{ leftOut: 'empty summary' }])
  })
})

describe('wmt19', () => {
  const row = { translation: { en: 'It rains.', zh: '下雨。' } }

  it('goes both ways, and splits both by the same text', () => {
    expect(drafts('wmt19-zh-en', row)).toEqual([{ source: '下雨。', references: ['It rains.'], document: 'It rains.' }])
    expect(drafts('wmt19-en-zh', row)).toEqual([{ source: 'It rains.', references: ['下雨。'], document: 'It rains.' }])
  })

  it('leaves out rows with an empty side', () => {
    expect(drafts('wmt19-zh-en', { translation: { en: '', zh: '下' } })).toEqual([{ leftOut: 'empty sentence' }])
  })
})

describe('msmarco', () => {
  const passages = { is_selected: [0, 1, 1], passage_text: ['first', 'second', 'third'], url: ['a', 'b', 'c'] }
  const row = { query: 'What  is it', query_id: 7, query_type: 'description', answers: ['A', ' ', 'B'], passages }

  it('answers from the selected passages, or from all where none is selected', () => {
    expect(drafts('msmarco', row)).toEqual([
      {
        id: '7',
        source: 'second\nthird',
        fields: { question: 'What  is it' },
        references: ['A', 'B'],
        document: 'what is it',
      },
    ])
    const none = { ...row, passages: { ...passages, is_selected: [0, 0, 0] } }
    expect(drafts('msmarco', none)).toMatchObject([{ source: 'first\nsecond\nthird' }])
  })

  it('leaves out rows without an answer, a query or a passage', () => {
    expect(drafts('msmarco', { ...row, answers: [] })).toEqual([{ leftOut: 'no answer' }])
    expect(drafts('msmarco', { ...row, answers: ['No Answer Present.'] })).toEqual([{ leftOut: 'no answer' }])
    expect(drafts('msmarco', { ...row, query: '' })).toEqual([{ leftOut: 'empty query' }])
    const empty = { is_selected: [], passage_text: [], url: [] }
    expect(drafts('msmarco', { ...row, passages: empty })).toEqual([{ leftOut: 'no passage' }])
  })

  it('refuses lists under passages that are not equally long', () => {
    const passages = { is_selected: [1], passage_text: ['a', 'b'], url: [] }
    expect(datasets.get('msmarco')!.row.safeParse({ ...row, passages }).success).toBe(false)
  })
})

describe('quac', () => {
  const context = 'Ann was born in 1950. She sang. CANNOTANSWER'
  const turn = (i: number, texts: string[], original = texts[0]) => ({
    id: `d_q#${i}`,
    question: `Question ${i}?`,
    answers: texts.map((text) => ({ text, answer_start: 0 })),
    orig_answer: { text: original, answer_start: 0 },
  })
  const turns = [
    turn(0, ['born in 1950', 'in 1950', 'in 1950']),
    turn(1, ['CANNOTANSWER']),
    turn(2, ['She sang.', 'CANNOTANSWER']),
    turn(3, ['sang']),
    turn(4, ['1950']),
  ]
  const nested = { title: 'Ann', paragraphs: [{ id: 'd', context, qas: turns }] }
  const flattened = {
    dialogue_id: 'd',
    wikipedia_page_title: 'Ann',
    context,
    turn_ids: turns.map(({ id }) => id),
    questions: turns.map(({ question }) => question),
    answers: { texts: turns.map(({ answers }) => answers.map(({ text }) => text)) },
    orig_answers: { texts: turns.map(({ orig_answer }) => orig_answer.text) },
  }

  it.each([
    ['nested', nested],
    ['flattened', flattened],
  ])('makes an example of every turn that can be answered, in the %s form', (_, row) => {
    const found = drafts('quac', row)
    expect(found).toHaveLength(5)
    expect(found[0]).toEqual({
      id: 'd_q#0',
      source: 'Ann was born in 1950. She sang.',
      fields: { question: 'Question 0?' },
      references: ['born in 1950', 'in 1950'],
      document: context,
    })
    expect(found[1]).toEqual({ leftOut: 'cannot be answered' })
    expect(found[2]).toMatchObject({ references: ['She sang.'] })
  })

  it('shows the three turns before a question, with the answers they had', () => {
    const last = drafts('quac', nested)[4]
    expect(last).toMatchObject({
      fields: {
        question: [
          'Question 1?\nAnswer: The text does not say.',
          'Question 2?\nAnswer: She sang.',
          'Question 3?\nAnswer: sang',
          'Question 4?',
        ].join('\nQuestion: '),
      },
    })
  })
})

describe('generic', () => {
  it('takes a text or a list as reference, and its own id where there is one', () => {
    const dataset = genericDataset('mine', { promptField: 'q', referenceField: 'a' })
    expect(draftsOf(dataset, { id: 3, q: 'Why?', a: 'So.' })).toEqual([
      { id: '3', source: '', fields: { prompt: 'Why?' }, references: ['So.'], document: 'Why?' },
    ])
    expect(draftsOf(dataset, { q: 'Why?', a: ['So.', '', 'Thus.'] })).toMatchObject([{ references: ['So.', 'Thus.'] }])
    expect(draftsOf(dataset, { q: 'Why?', a: [] })).toEqual([{ leftOut: 'no reference' }])
    expect(draftsOf(dataset, { q: ' ', a: 'So.' })).toEqual([{ leftOut: 'empty prompt' }])
  })

  it('puts the source before the prompt, or both where a template says', () => {
    const fields = { promptField: 'q', referenceField: 'a', sourceField: 's' }
    expect(genericDataset('mine', fields).templates.plain).toBe('{source}\n\n{prompt}')
    const dataset = genericDataset('mine', { ...fields, template: '{lang}: {prompt} {source}' })
    expect(draftsOf(dataset, { q: 'Q', a: 'A', s: 'S', lang: 'de' })).toMatchObject([
      { source: 'S', fields: { prompt: 'Q', lang: 'de' }, document: 'S' },
    ])
  })

  it.each([
    [{ promptField: 'q' }, 'referenceField must be the name of the field with the reference answer'],
    [{ referenceField: 'a' }, 'promptField must be the name of the field with the prompt'],
    [{ referenceField: 'a', template: '{prompt}' }, 'promptField must be'],
    [{ referenceField: 'a', template: '{source} {text}' }, 'sourceField must be'],
    [{ referenceField: 'a', promptField: 'q', template: 'nothing' }, 'template must be text with a placeholder'],
  ])('refuses %j', (fields, message) => {
    expect(() => genericDataset('mine', fields)).toThrow(message)
  })
})
