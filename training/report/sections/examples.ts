import type { WorkedExample } from '../../ablate/types.js'
import type { Figure } from '../content.js'
import { tokensSvg } from '../plots/tokens.js'
import { hasTokens } from '../tokens.js'

/** Undefined where no example has tokens. */
export function examplesFigure(examples: readonly WorkedExample[]): Figure | undefined {
  if (!hasTokens(examples)) return undefined
  return {
    name: 'examples',
    svg: tokensSvg(examples),
    alt: 'The first sample of each worked example, its tokens coloured by temperature',
    caption:
      'The first sample of each worked example. The darker the ground of a token and the higher the bar below it, the higher its temperature.',
  }
}
