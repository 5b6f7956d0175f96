import type { AblationResult, ScopeResult } from '../ablate/types.js'

/** A task, or all tasks together, as a report shows it. */
export interface Scope {
  name: string
  /** The name as a part of file and field names, e.g. `all-tasks`. */
  slug: string
  result: ScopeResult
  /** e.g. `ROUGE-L`, or `quality, % of Q*` over all tasks. */
  qualityLabel: string
  selfBleuLabel: string
  /** The two labels where there is little room. */
  shortLabels: [quality: string, selfBleu: string]
}

const metricLabels: Record<string, string> = { rougeL: 'ROUGE-L', bleu: 'BLEU' }

/** All tasks together first, then each; a single task stands for itself alone. */
export function scopesOf({ overall, tasks, settings }: AblationResult): [Scope, ...Scope[]] {
  const each = Object.entries(tasks).map(([name, result]): Scope => {
    const metric = settings.signatures[name].quality.split('|')[0]
    const label = metricLabels[metric] ?? metric
    return {
      name,
      slug: slugOf(name),
      result,
      qualityLabel: label,
      selfBleuLabel: 'Self-BLEU',
      shortLabels: [label, 'Self-BLEU'],
    }
  })
  if (each.length === 1) return [each[0]]
  const all: Scope = {
    name: 'all tasks',
    slug: 'all-tasks',
    result: overall,
    qualityLabel: 'quality, % of Q*',
    selfBleuLabel: 'Self-BLEU, % of D*',
    shortLabels: ['quality %', 'Self-BLEU %'],
  }
  return [all, ...each]
}

/** Letters, digits and hyphens alone, whatever a user calls a task. */
function slugOf(name: string): string {
  return name.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '')
}

export const LEARNED = 'learned-edt'
export const BASELINE = 'best-fixed-edt'

/** A strategy of a scope that every ablation has. */
export function strategyOf({ strategies }: ScopeResult, id: string) {
  return strategies.find((strategy) => strategy.id === id)!
}
