import { z } from 'zod'
import { InvalidOptionError } from '../../errors.js'
import { placeholders } from '../template.js'
import type { GenericFields } from '../types.js'
import { type Dataset, isBlank } from './types.js'

const reference = z.union([z.string(), z.array(z.string())])

/**
 * Rows of any kind, by the names of their fields.
 * @param name what the task is called
 * @throws {InvalidOptionError} when a field's name is missing, or a template asks for nothing of the row
 */
export function genericDataset(name: string, fields: GenericFields): Dataset {
  const { promptField, referenceField, sourceField, idField } = fields
  const template = fields.template ?? (sourceField === undefined ? '{prompt}' : '{source}\n\n{prompt}')
  const asked = placeholders(template)
  if (referenceField === undefined) throw missing('referenceField', 'the reference answer')
  if (promptField === undefined && (fields.template === undefined || asked.includes('prompt'))) {
    throw missing('promptField', 'the prompt')
  }
  if (sourceField === undefined && fields.template !== undefined && asked.includes('source')) {
    throw missing('sourceField', 'the source, which the template asks for')
  }
  if (asked.length === 0) throw new InvalidOptionError('template', 'text with a placeholder such as {prompt}', template)
  const columns = asked.filter((field) => field !== 'prompt' && field !== 'source')
  const text = [promptField, sourceField, ...columns].filter((field) => field !== undefined)
  const shape = Object.fromEntries(text.map((field) => [field, z.string() as z.ZodType]))
  const id = idField ?? 'id'
  const idSchema = z.union([z.string().min(1), z.number()])
  return {
    name,
    description: `Rows of your own (${[promptField, sourceField].filter(Boolean).join(', ')} → ${referenceField})`,
    templates: { plain: template, chat: template },
    metric: 'rougeL',
    tokenize: '13a',
    maxNewTokens: 128,
    stop: [],
    row: z.looseObject({
      ...shape,
      [referenceField]: reference,
      ...(idField === undefined ? {} : { [idField]: idSchema }),
    }),
    idField: id,
    *drafts(given) {
      const row = given as Record<string, unknown>
      const references = [row[referenceField] as string | string[]].flat().filter((answer) => !isBlank(answer))
      const prompt = promptField === undefined ? undefined : String(row[promptField])
      const source = sourceField === undefined ? '' : String(row[sourceField])
      const others = Object.fromEntries(columns.map((field) => [field, String(row[field])]))
      if (references.length === 0) yield { leftOut: 'no reference' }
      else if ([prompt ?? '', source, ...Object.values(others)].every(isBlank)) yield { leftOut: 'empty prompt' }
      else {
        yield {
          id: idSchema.safeParse(row[id]).success ? String(row[id]) : undefined,
          source,
          fields: { ...others, ...(prompt === undefined ? {} : { prompt }) },
          references,
          document: isBlank(source) ? (prompt ?? Object.values(others).join('\n')) : source,
        }
      }
    },
  }
}

function missing(option: string, what: string): InvalidOptionError {
  const flag = option.replace('Field', '-field')
  return new InvalidOptionError(
    option,
    `the name of the field with ${what}`,
    undefined,
    `On the command line: --${flag}.`,
  )
}

/** The value of a template file as one template: the line end that editors put at the end of a file is no part of it. */
export function templateText(content: string): string {
  return content
    .replace(/^\ufeff/, '')
    .replace(/\r\n/g, '\n')
    .replace(/\n$/, '')
}
