import { placeholders, renderTemplate } from '../tasks/template.js'
import type { TaskDefinition } from '../tasks/types.js'
import { UsageError } from './errors.js'
import type { PromptInput } from './input.js'

/**
 * A prompt as a task would put it: the text given is the source of the task's template.
 * @throws {UsageError} when the template has a field that is not given
 */
export function renderTaskPrompt(
  { name, template }: TaskDefinition,
  { prompt, question }: PromptInput,
): { prompt: string; promptWithoutSource: string } {
  const fields = new Map([['source', prompt]])
  if (question !== undefined) fields.set('question', question)
  const missing = placeholders(template).find((field) => !fields.has(field))
  if (missing === 'question')
    throw new UsageError(`The task ${name} asks a question about its source; give it with --question.`)
  if (missing !== undefined)
    throw new UsageError(
      `The template of the task ${name} has a field {${missing}} that \`edt generate\` cannot fill; render the prompt yourself and leave out --task.`,
    )
  return {
    prompt: renderTemplate(template, fields),
    promptWithoutSource: renderTemplate(template, new Map(fields).set('source', '')),
  }
}
