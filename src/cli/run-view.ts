import type { CollectResult } from '../../training/collect/index.js'
import { formatAblation } from '../../training/report/text.js'
import type { Evaluation, FitInRunResult } from '../../training/run/index.js'
import { count, duration, table } from './format.js'
import type { Output } from './output.js'

export function printCollect(result: CollectResult, output: Output): void {
  const { total, finished, skipped, failed, collected, samples, tokens, seconds } = result
  output.print(`${finished} of ${count(total, 'prompt')} collected in ${result.storePath}`)
  if (skipped.length > 0) output.print(`${count(skipped.length, 'prompt')} left out: too long for the model's context`)
  if (failed.length > 0) {
    output.warn(
      `${count(failed.length, 'prompt')} set aside; \`edt inspect\` lists them, and the same command tries them again.`,
    )
  }
  if (collected > 0) {
    output.print(`This time: ${count(samples, 'sample')}, ${count(tokens, 'token')} in ${duration(seconds)}`)
  }
}

export function printFit(
  { checkpoint, backend, validation, balance, bestCells, keptStart, epoch }: FitInRunResult,
  output: Output,
): void {
  const { fixed } = bestCells
  const { prompts, learned, bestFixed } = validation
  output.print(`Tuner written to ${checkpoint} (fitted with TensorFlow.js on ${backend}, best epoch ${epoch})`)
  output.print(`Best fixed EDT: T0 ${fixed.t0}, theta ${fixed.theta}`)
  output.print(
    `EDA on ${count(prompts, 'validation prompt')} (lower is better): ${learned.toFixed(2)} learned, ${bestFixed.toFixed(2)} best fixed`,
  )
  if (balance.scores.length > 1) {
    const rows = balance.scores.map((score) => [
      String(score.balance),
      score.learned.toFixed(2),
      score.bestFixed.toFixed(2),
    ])
    output.print('By balance between diversity (0) and quality (1), each with the fixed cell that is best for it:')
    output.print(table(['balance', 'learned', 'best fixed'], rows, ['right', 'right', 'right']))
  }
  if (keptStart) {
    output.print('No network did better than the best fixed cell, so the tuner gives that cell for every prompt.')
  }
}

export function printEvaluation({ ablation, report }: Evaluation, output: Output): void {
  output.print(formatAblation(ablation))
  output.print(`Report: ${report}`)
}
