/** Good rows of every data set, that inputs are made from by changing them. */
export const rows: Record<string, readonly object[]> = {
  task: [
    { id: '1', source: 'The cat sat on the mat. It slept.', question: 'Where?', references: ['on the mat', 'there'] },
    { id: '2', source: 'Second text', question: 'What?', references: ['an answer'] },
  ],
  xlsum: [
    {
      id: 'a',
      url: 'https://example.org',
      title: 'T',
      summary: 'One sentence.',
      text: 'An article. Of two sentences.',
    },
  ],
  msmarco: [
    {
      ...{ query: 'what is a cat', query_id: 17, query_type: 'description', answers: ['an animal'] },
      passages: { is_selected: [0, 1], passage_text: ['A dog.', 'A cat is an animal.'], url: ['a', 'b'] },
      wellFormedAnswers: [],
    },
  ],
  quac: [
    {
      title: 'T',
      section_title: 'S',
      paragraphs: [
        {
          context: 'She sang. CANNOTANSWER',
          qas: [
            {
              id: 'q1',
              question: 'Did she sing?',
              answers: [{ text: 'She sang', answer_start: 0 }],
              orig_answer: { text: 'She sang' },
            },
            { id: 'q2', question: 'Why?', answers: [{ text: 'CANNOTANSWER' }] },
          ],
        },
      ],
    },
    {
      ...{ dialogue_id: 'd', context: 'She sang. CANNOTANSWER', questions: ['Did she?'], turn_ids: ['t1'] },
      ...{ answers: { texts: [['She sang']] }, orig_answers: { texts: ['She sang'] } },
    },
  ],
  'wmt19-zh-en': [{ translation: { en: 'Good morning.', zh: '早上好。' } }],
  'wmt19-en-zh': [{ translation: { en: 'Good morning.', zh: '早上好。' } }],
  generic: [{ id: 1, question: 'Why?', article: 'Because.', answer: ['so', 'thus'] }],
}

/** Names of the fields of the generic rows. */
export const genericFields = { promptField: 'question', referenceField: 'answer', sourceField: 'article' } as const

/** What a task's `task.json` says. */
export const definition = {
  name: 'fuzzed',
  description: 'A task',
  template: 'Text: {source}\nQuestion: {question}\nAnswer:',
  metric: 'rougeL',
  maxNewTokens: 20,
  stop: ['\n'],
  tokenize: '13a',
  chat: false,
  maxSourceChars: 200,
}
