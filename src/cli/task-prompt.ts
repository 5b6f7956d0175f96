import { cutText } from '../tasks/cut.js'
import { placeholders, renderTemplate } from '../tasks/template.js'
import type { TaskDefinition } from '../tasks/types.js'
import { UsageError } from './errors.js'
import type { PromptInput } from './input.js'

/**
 * A prompt as a task would put it: the text given is the source of the task's template.
 * @throws {UsageError} when the template has a field that is not given
 */
export function renderTaskPrompt(
  { name, template, maxSourceChars }: TaskDefinition,
  { prompt, question }: PromptInput,
): { prompt: string; promptWithoutSource: string } {
  const asked = placeholders(template)
  const source = maxSourceChars === undefined ? prompt : cutText(prompt, maxSourceChars)
  const fields = new Map([['source', source]])
  // A generic task calls its question a prompt; without a source that is all there is.
  const second = asked.includes('source') ? question : (question ?? prompt)
  if (second !== undefined) fields.set('question', second).set('prompt', second)
  const missing = asked.find((field) => !fields.has(field))
  if (missing === 'question' || missing === 'prompt')
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
