import type { StudiesResult, StudyResult } from '../../studies/types.js'
import { integer } from '../numbers.js'
import {
  differenceCell,
  emptyCell,
  estimateCell,
  integerCell,
  left,
  pCell,
  right,
  type Table,
  textCell,
} from './table.js'

/** One study: every row against the study's reference and against the best fixed EDT. */
export function studyTable({ id, title, reference, axis, rows }: StudyResult): Table {
  const byTask = rows.some(({ task }) => task !== undefined)
  const notes = rows.flatMap(({ label, note }) => (note === undefined ? [] : [`${label}: ${note}`]))
  return {
    name: `study-${id}`,
    title,
    columns: [
      ...(byTask ? [left('task', 'judged on')] : []),
      left('row', axis?.label ?? 'tuner'),
      right('prompts', 'test prompts'),
      right('train_prompts', 'learned from'),
      right('eda', 'EDA'),
      right('to_reference', `to ${reference}`),
      right('p', 'p'),
      right('p_holm', 'p (Holm)'),
      right('best_fixed_edt', 'best fixed EDT'),
      right('to_best_fixed_edt', 'to best fixed EDT'),
    ],
    rows: rows.map(({ label, x, task, prompts, trainPrompts, eda, versusReference, bestFixed, versusBestFixed }) => [
      ...(byTask ? [textCell(task ?? 'all tasks')] : []),
      x === undefined ? textCell(label) : { text: label, data: { '': label, x } },
      integerCell(prompts),
      integerCell(Math.round(trainPrompts)),
      estimateCell(eda),
      ...(versusReference === undefined
        ? [emptyCell, emptyCell, emptyCell]
        : [
            differenceCell(versusReference.difference, versusReference.interval),
            pCell(versusReference.p),
            pCell(versusReference.pHolm),
          ]),
      estimateCell(bestFixed),
      differenceCell(versusBestFixed.difference, versusBestFixed.interval),
    ]),
    ...(notes.length === 0 ? {} : { note: [...new Set(notes)].join('. ') }),
  }
}

/** What all studies depend on. */
export function studySettingsTable({ settings }: StudiesResult): Table {
  const counts = (prompts: Record<string, number>) =>
    Object.entries(prompts)
      .map(([task, number]) => `${task} ${integer(number)}`)
      .join(', ')
  const rows = [
    ['language model', settings.model],
    ['training prompts', counts(settings.prompts.train)],
    ['validation prompts', counts(settings.prompts.validation)],
    ['test prompts', counts(settings.prompts.test)],
    ['samples a cell', `${settings.samples}`],
    ['n of Self-BLEU', `${settings.selfBleuGroup}`],
    ['grid', `T0 ${settings.grid.t0.join(', ')}; θ ${settings.grid.theta.join(', ')}`],
    ['fits of each row', `${settings.fits}`],
    ...Object.entries(settings.fit).map(([name, value]) => [`fit: ${name}`, JSON.stringify(value)]),
    ['seed', `${settings.seed}`],
    ['bootstrap', `${integer(settings.resamples)} resamples of prompts`],
    ...Object.entries(settings.signatures).map(([task, signature]) => [`${task}: signature`, signature]),
    ...Object.entries(settings.versions),
  ]
  return {
    name: 'study-settings',
    title: 'Settings of the studies',
    columns: [left('setting', 'setting'), left('value', 'value')],
    rows: rows.map((cells) => cells.map(textCell)),
  }
}
