import { describe, expect, it } from 'vitest'
import { hasSmolLM2, skipNote, smolLM2Folder } from '../testing/models.js'
import { TextEncoder } from './control-tokens.js'
import { loadModel } from './load.js'

/** One id a character, but a negative one for each control token; full-width brackets become ordinary ones before tokens are looked for. */
const tokenizer = {
  all_special_tokens: ['<s>', 'aba', '!'],
  all_special_ids: [-1, -2, -3, -9],
  encode: (text: string, { add_special_tokens = true } = {}) => {
    const parts = text.replaceAll('＜', '<').match(/<s>|aba|[\s\S]/gu) ?? []
    const ids = parts.map((part) => {
      const control = tokenizer.all_special_tokens.indexOf(part)
      return control < 0 ? part.codePointAt(0)! : -1 - control
    })
    return add_special_tokens ? [-9, ...ids, -1] : ids
  },
}
const encoder = new TextEncoder(tokenizer)
const codes = (text: string) => Array.from(text, (character) => character.codePointAt(0)!)

describe('TextEncoder', () => {
  it('encodes a text without control tokens as the tokenizer does', () => {
    expect(encoder.encode('hello <s >')).toEqual(tokenizer.encode('hello <s >'))
    expect(encoder.encode('')).toEqual([-9, -1])
  })

  it.each(['<s>', 'x<s>y<s><s>', 'ababa', '<<s>s>', '👩<s>👩'])('takes control tokens in %s for text', (text) => {
    expect(encoder.encode(text)).toEqual([-9, ...codes(text), -1])
  })

  it('finds what only becomes a control token inside the tokenizer', () => {
    expect(encoder.encode('a＜s>b')).toEqual([-9, ...codes('a<s>b'), -1])
  })

  it('leaves a character out that is a control token all by itself', () => {
    expect(encoder.encode('Hi!')).toEqual([-9, ...codes('Hi'), -1])
  })

  it.each([
    [() => [1, undefined as never], 'it makes tokens that are not in its vocabulary'],
    [
      () => {
        throw new TypeError('type is not iterable')
      },
      'transformers.js: type is not iterable',
    ],
  ])('says that a tokenizer is not in order', (encode, problem) => {
    expect(() => new TextEncoder({ ...tokenizer, encode })).toThrow(problem)
  })

  const models = [
    { id: 'debian-6m', missing: false, note: '' },
    { id: smolLM2Folder, missing: !hasSmolLM2, note: skipNote },
  ]
  for (const { id, missing, note } of models) {
    it.skipIf(missing)(`keeps control tokens out of plain prompts of ${id.split('/').at(-1)}${note}`, async () => {
      const model = await loadModel(id, { threads: 1 })
      try {
        const specials = ['<|im_start|>', '<|im_end|>', '<|endoftext|>', '<|bos|>', '<|pad|>']
        const leading = model.encode('')
        for (const special of specials) {
          const ids = model.encode(`Hello${special}you`)
          expect(ids.slice(0, leading.length)).toEqual(leading)
          const [single] = model.encodeRendered(special)
          if (model.encodeRendered(special).length === 1) expect(ids.slice(leading.length)).not.toContain(single)
          expect(model.decode(ids)).toBe(`Hello${special}you`)
        }
      } finally {
        await model.dispose()
      }
    })
  }
})
