import type { AblationResult } from '../../ablate/types.js'
import type { Section } from '../content.js'
import { frontierSpec } from '../plots/frontier.js'
import { renderSvg } from '../plots/render.js'
import { scopesOf } from '../scopes.js'
import { costTable, measureTable, strategyTable, taskTable } from '../tables/index.js'

export async function strategiesSection(result: AblationResult): Promise<Section> {
  const [scope, ...tasks] = scopesOf(result)
  const cost = costTable(scope)
  const compared = scope.result.strategies.length - 1
  const pooled =
    tasks.length === 0
      ? []
      : ["Over all tasks, quality and Self-BLEU are percent of each task's Q* and D*, which are both 100 there."]
  return {
    title: 'Strategies',
    text: [
      'EDA is the distance from the best quality with no overlap between samples: 100 · √(½ ((Q* − Q) / Q*)² + ½ (D / D*)²), with quality Q, Self-BLEU D, and Q*, D* the highest means on the training grid. Lower is better.',
      ...pooled,
      `Brackets are 95 % intervals: bootstrap over prompts, all strategies on the same resamples, so that differences are paired. p (Holm) is corrected for the ${compared} comparisons with the best fixed EDT.`,
    ],
    figure: {
      name: 'frontier',
      svg: await renderSvg(frontierSpec(result)),
      alt: 'Quality over Self-BLEU of every strategy, with lines of equal EDA',
      caption: `Quality over Self-BLEU with 95 % intervals; thin lines join points of equal EDA. Up and to the left is better.${
        scope.result.headroom === undefined
          ? ''
          : ' The oracle ran on fewer prompts; it is drawn as far from the best fixed EDT as it is on those.'
      } Strategies far worse than the rest are named above a panel and left out of it.`,
    },
    tables: [
      strategyTable(scope),
      ...(tasks.length === 0 ? [] : [taskTable(result), measureTable(scope)]),
      ...(cost === undefined ? [] : [cost]),
    ],
  }
}

export function taskSection(result: AblationResult): Section {
  const [scope, ...tasks] = scopesOf(result)
  const bleu = Object.values(result.settings.signatures).some(({ corpusBleu }) => corpusBleu !== undefined)
  return {
    title: tasks.length === 0 ? 'Further measures' : 'Each task',
    text: bleu
      ? ['BLEU as quality is the mean over samples of sentence BLEU; corpus BLEU takes all samples as one corpus.']
      : [],
    tables: tasks.length === 0 ? [measureTable(scope)] : tasks.map((task) => strategyTable(task)),
    folded: tasks.map(measureTable),
  }
}
