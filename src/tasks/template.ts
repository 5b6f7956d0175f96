/** `{field}`; a brace around anything else is text. */
const PLACEHOLDER = /\{([A-Za-z_]\w*)\}/g

/** Names of the fields that a template asks for, each once, in order. */
export function placeholders(template: string): string[] {
  return [...new Set(Array.from(template.matchAll(PLACEHOLDER), (match) => match[1]))]
}

/**
 * Fills a template in one pass: what looks like a placeholder inside a field's text stays as it is.
 *
 * @param fields must have every placeholder's field
 */
export function renderTemplate(template: string, fields: ReadonlyMap<string, string>): string {
  return template.replace(PLACEHOLDER, (_, name: string) => fields.get(name) as string)
}
