import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../package-root.js'

/** A real chat model in the layout of transformers.js; tests that need it skip, visibly, where it is missing. */
export const smolLM2Folder =
  process.env.EDT_SMOLLM2 ?? join(packageRoot(), '..', 'shared', 'models', 'SmolLM2-135M-Instruct')

export const hasSmolLM2 = existsSync(join(smolLM2Folder, 'config.json'))

export const skipNote = hasSmolLM2 ? '' : ' (SKIPPED: set EDT_SMOLLM2 to a folder with SmolLM2-135M-Instruct)'

/** Prompts of the embedded model's own kind. */
export const embeddedPrompts = [
  'Translate to French: This package contains the documentation for the Python library.\nTranslation:',
  'Translate to German: Development files for the XML parser\nTranslation:',
  'Describe libfoo-dev: development files for the foo library\nDescription:',
  'Summarize: EasyRdf is a PHP library to consume and produce RDF. Resource Description Framework, RDF, is an official W3C Recommendation.\nSummary:',
  'deal is bridge hand generator. This program generates bridge hands.\nQuestion: Which package is bridge hand generator?\nAnswer:',
]
