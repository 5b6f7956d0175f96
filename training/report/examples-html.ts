import type { ExampleRollout, WorkedExample } from '../ablate/types.js'
import { escapeMarkup } from './escape.js'
import { decimal } from './numbers.js'
import { temperatureColor } from './plots/temperature-color.js'
import { hasTokens, highestTemperature, type ShownToken, shownTokens } from './tokens.js'

/** Prompts with samples of learned EDT and of another strategy; the first sample's tokens coloured by temperature, with a legend. */
export function examplesHtml(examples: readonly WorkedExample[]): string {
  const highest = highestTemperature(examples)
  const legend = hasTokens(examples) ? `${legendHtml(highest)}\n` : ''
  return `${legend}${examples.map((example) => exampleHtml(example, highest)).join('\n')}`
}

/** The colours of the scale as tokens, so that colour and bar are explained at once. */
function legendHtml(highest: number): string {
  const steps = Array.from({ length: 6 }, (_, i) => i / 5)
  const tokens = steps.map((share) => tokenHtml({ text: decimal(share * highest, 2), breaks: false, share, title: '' }))
  return `<p class="legend">Temperature of a token: <span class="tokens">${tokens.join(' ')}</span> The darker the ground and the thicker the line below, the higher. Point at a token for its entropy, temperature and probability.</p>`
}

function exampleHtml({ task, reason, prompt, reference, learned, compared }: WorkedExample, highest: number): string {
  return `<article>
<h3>${escapeMarkup(task)} <span class="reason">${escapeMarkup(reason)}</span></h3>
<pre>${escapeMarkup(prompt)}</pre>
<p class="reference"><span>reference</span> ${escapeMarkup(reference)}</p>
<div class="pair">
${[learned, compared].map((rollout) => rolloutHtml(rollout, highest)).join('\n')}
</div>
</article>`
}

function rolloutHtml(rollout: ExampleRollout, highest: number): string {
  const { label, setting, texts, quality, selfBleu } = rollout
  const tokens = shownTokens(rollout, highest)
  const [first, ...others] = texts.map((text) => escapeMarkup(text.trim()))
  const items = [
    tokens.length === 0 ? first : `<span class="tokens">${tokens.map(tokenHtml).join('')}</span>`,
    ...others,
  ]
  return `<div>
<h4>${escapeMarkup(label)} <span class="setting">${escapeMarkup(setting)}</span></h4>
<ol>${items.map((item) => `<li>${item}</li>`).join('')}</ol>
<p class="scores">quality ${decimal(quality)}, Self-BLEU ${decimal(selfBleu)}</p>
</div>`
}

function tokenHtml({ text, breaks, share, title }: ShownToken): string {
  const hover = title === '' ? '' : ` title="${escapeMarkup(title)}"`
  const style = `background:${temperatureColor(share)};border-bottom-width:${decimal(1 + 4 * share)}px`
  return `<span${hover} style="${style}">${escapeMarkup(text)}</span>${breaks ? '<br>' : ''}`
}
