import { describeEvent } from '../../training/run/events.js'
import type { CheckpointInspection, Inspection, RunInspection, StoreInspection } from '../../training/run/index.js'
import { bytes, count, duration, facts, table } from './format.js'
import type { Output } from './output.js'

/** Tells what was found, in words. */
export function printInspection(found: Inspection, output: Output): void {
  const { bold } = output.colors
  switch (found.kind) {
    case 'run':
      output.print(bold(`${found.path}: a run`))
      printRun(found, output)
      break
    case 'checkpoint':
      output.print(bold(`${found.path}: a tuner's checkpoint`))
      printCheckpoint(found, output)
      break
    case 'store':
      output.print(bold(`${found.path}: a store`))
      printStore(found, output)
      break
    case 'busy-store':
      output.print(found.message)
  }
}

/** Prompts that failed are all told by --json; a person gets the first. */
const MOST_FAILED = 20

function printRun(
  { settings, versions, events, status, failed, store, checkpoint, ablation, studies, report, next }: RunInspection,
  output: Output,
): void {
  const { bold } = output.colors
  const last = events.at(-1)
  output.print(
    facts([
      ['commands', Object.keys(settings).join(', ') || 'none'],
      [
        'made with',
        ['edt-tuner', 'node', 'platform'].map((name) => `${name} ${versions[name] ?? 'unknown'}`).join(', '),
      ],
      ...(status === undefined ? [] : [['state', describeStatus(status)] as const]),
      ['last event', last === undefined ? 'none' : `${last.time} ${describeEvent(last)}`],
    ]),
  )
  if (failed.length > 0) {
    output.print(bold(`\n${count(failed.length, 'prompt')} failed and will be tried again`))
    for (const { promptId, reason, tries } of failed.slice(0, MOST_FAILED)) {
      output.print(`  ${promptId}: ${reason} (${tries === 1 ? 'once' : `${tries} times`})`)
    }
    if (failed.length > MOST_FAILED) output.print(`  … all of them with --json`)
  }
  if (store !== undefined) {
    output.print(bold('\nStore'))
    if (store.kind === 'store') printStore(store, output)
    else output.print(`  ${store.message}`)
  }
  if (checkpoint !== undefined) {
    output.print(bold('\nTuner'))
    printCheckpoint(checkpoint, output)
  }
  if (ablation !== undefined) {
    const rows = ablation.overall.strategies.map(({ label, setting, eda }) => [label, setting, eda.value.toFixed(2)])
    output.print(bold(`\nAblation on ${count(ablation.overall.prompts, 'held-out prompt')}`))
    output.print(indent(table(['strategy', 'setting', 'EDA'], rows, ['left', 'left', 'right'])))
  }
  if (studies !== undefined) {
    const rows = studies.studies.map(({ id, title, rows }) => [id, title, `${rows.length}`])
    output.print(bold('\nStudies (edt study ID shows one)'))
    output.print(indent(table(['id', 'title', 'rows'], rows, ['left', 'left', 'right'])))
  }
  if (report !== undefined) output.print(`\nReport: ${report}`)
  if (next !== undefined) output.print(`\nNext: ${next}`)
}

function printStore({ summary, left, digest, findings }: StoreInspection, output: Output): void {
  const { settings, sessions, samples, tokens } = summary
  const { grid, truncation } = settings
  const cells = grid.t0.length * grid.theta.length
  output.print(
    facts([
      ['model', `${settings.model.id} (${settings.model.dtype}, vocabulary ${settings.model.vocabularyHash})`],
      ['grid', `T0 ${grid.t0.join(' ')} × theta ${grid.theta.join(' ')} (${count(cells, 'cell')})`],
      ['sampling', `${settings.samples} samples a cell, top-p ${truncation.topP ?? 1}, seed ${settings.seed}`],
      [
        'contents',
        `${count(samples, 'sample')}, ${count(tokens, 'token')}, ${bytes(summary.bytes)}, in ${count(sessions.length, 'session')}`,
      ],
      ['digest', digest],
    ]),
  )
  const rows = summary.prompts.map(({ task, split, planned, finished, skipped }) => [
    task,
    split,
    ...[finished, planned - finished - skipped, skipped].map(String),
  ])
  output.print(
    `\n${indent(table(['task', 'prompts', 'done', 'left', 'too long'], rows, ['left', 'left', 'right', 'right', 'right']))}`,
  )
  if (left === 0) output.print('\n  Everything is collected.')
  if (findings === undefined) return
  const { bestCells, bestEda, references } = findings
  const best = Object.entries(bestCells.perTask).map(([task, { t0, theta }]) => [
    task,
    String(t0),
    String(theta),
    bestEda[task].toFixed(2),
    references[task].bestQuality.toFixed(2),
    references[task].worstSelfBleu.toFixed(2),
  ])
  const head = ['task', 'best T0', 'best theta', 'EDA', 'Q*', 'D*']
  output.print(`\n${indent(table(head, best, ['left', 'right', 'right', 'right', 'right', 'right']))}`)
  output.print(`  Best for all tasks together: T0 ${bestCells.fixed.t0}, theta ${bestCells.fixed.theta}`)
}

function printCheckpoint({ metadata }: CheckpointInspection, output: Output): void {
  const { languageModel, features, ranges, bestCells, scores, balance, decoding } = metadata
  const { bestFixed, learned, prompts } = scores.validation
  output.print(
    facts([
      ['name', metadata.tunerName],
      ['model', `${languageModel.id} (${languageModel.dtype}, vocabulary ${languageModel.vocabularyHash})`],
      ['tasks', metadata.tasks.join(', ')],
      ['predicts', `T0 in ${ranges.t0.join('–')}, theta in ${ranges.theta.join('–')}`],
      ['balance', balance.range[0] === balance.range[1] ? `${balance.range[0]} alone` : balance.range.join('–')],
      ['from', `${count(features.names.length, 'feature')} (${features.groups.join(', ')})`],
      ['best fixed', `T0 ${bestCells.fixed.t0}, theta ${bestCells.fixed.theta}`],
      [
        'validation',
        `EDA ${learned.toFixed(2)} learned, ${bestFixed.toFixed(2)} best fixed, on ${count(prompts, 'prompt')}`,
      ],
      ['decoding', `up to ${count(decoding.maxNewTokens, 'token')}, top-p ${decoding.topP}`],
      ['trained', `${metadata.createdAt} by edt-tuner ${metadata.toolVersion}, seed ${metadata.seed}`],
    ]),
  )
}

function describeStatus(status: NonNullable<RunInspection['status']>): string {
  const { state, command, pid, host, started, updated, progress, message } = status
  const at = progress === undefined ? '' : `, ${progress.step} ${progress.done} of ${progress.total}`
  const left = progress?.secondsLeft === undefined ? '' : `, ${duration(progress.secondsLeft)} left`
  switch (status.process) {
    case 'alive':
      return `running: process ${pid} (edt ${command}) since ${started}${at}${left}`
    case 'dead':
      return `killed: process ${pid} (edt ${command}) is gone without a word; last heard of at ${updated}${at}`
    case 'on another machine':
      return `running on ${host}, as far as is known here: process ${pid} (edt ${command}), last heard of at ${updated}${at}`
    default:
      return `${command} ${state} at ${updated}${state === 'finished' ? '' : at}${message === undefined ? '' : `: ${message}`}`
  }
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ')
}
