import { z } from 'zod'
import { type Dataset, dataset, isBlank } from './types.js'

type Language = 'zh' | 'en'

const LANGUAGE_NAMES: Record<Language, string> = { zh: 'Chinese', en: 'English' }

const row = z.looseObject({ translation: z.looseObject({ en: z.string(), zh: z.string() }) })

/** WMT19 news translation between Chinese and English. @see https://www.statmt.org/wmt19/translation-task.html */
function wmt19(from: Language, to: Language): Dataset {
  const [source, target] = [LANGUAGE_NAMES[from], LANGUAGE_NAMES[to]]
  return dataset({
    name: `wmt19-${from}-${to}`,
    description: `Translate a sentence of the news from ${source} to ${target} (WMT19)`,
    templates: {
      plain: `Translate from ${source} to ${target}.\n${source}: {source}\n${target}:`,
      chat: `Translate this ${source} sentence into ${target}. Reply with the translation only.\n\n{source}`,
    },
    metric: 'bleu',
    tokenize: to === 'zh' ? 'zh' : '13a',
    // A Chinese character takes two or three tokens in vocabularies made for English.
    maxNewTokens: to === 'zh' ? 128 : 80,
    stop: ['\n'],
    row,
    idField: 'translation',
    *drafts({ translation }) {
      const { [from]: text, [to]: reference } = translation
      if (isBlank(text) || isBlank(reference)) yield { leftOut: 'empty sentence' }
      // Both directions are split by the English side, so that a tuner for both never trains on a test sentence.
      else yield { source: text, references: [reference], document: translation.en }
    },
  })
}

export const wmt19ZhEn = wmt19('zh', 'en')
export const wmt19EnZh = wmt19('en', 'zh')
