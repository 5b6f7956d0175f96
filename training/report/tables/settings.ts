import type { AblationResult } from '../../ablate/types.js'
import { decimal, integer } from '../numbers.js'
import { emptyCell, left, numberCell, right, type Table, textCell } from './table.js'

/** Best cells of the training prompts with Q* and D*. */
export function bestCellTable({ bestCells, settings }: AblationResult): Table {
  const cell = ({ t0, theta }: { t0: number; theta: number }) => [numberCell(t0, String), numberCell(theta, String)]
  const two = (value: number) => decimal(value, 2)
  const tasks = Object.keys(settings.references)
  return {
    name: 'best-cells',
    title: 'Best cells on the training prompts',
    columns: [
      left('task', 'task'),
      right('t0', 'T0'),
      right('theta', 'θ'),
      right('q_star', 'Q*'),
      right('d_star', 'D*'),
    ],
    rows: [
      ...(tasks.length > 1 ? [[textCell('all tasks'), ...cell(bestCells.fixed), emptyCell, emptyCell]] : []),
      ...tasks.map((task) => [
        textCell(task),
        ...cell(tasks.length > 1 ? bestCells.perTask[task] : bestCells.fixed),
        numberCell(settings.references[task].bestQuality, two),
        numberCell(settings.references[task].worstSelfBleu, two),
      ]),
    ],
  }
}

/** Everything the numbers depend on. */
export function settingsTable({ settings, skipped }: AblationResult): Table {
  const { model, tuner, grid, truncation, prompts, tuning, curvePrompts, timingPrompts } = settings
  const cut = Object.entries(truncation).map(([name, value]) => `${name} ${value}`)
  const rows = [
    ['language model', `${model.id}, ${model.dtype}, ${model.device}, vocabulary ${model.vocabularyHash}`],
    ['tuner', `${tuner.name} (${tuner.signature})`],
    [
      'prompts',
      `${Object.entries(prompts)
        .map(([task, number]) => `${task} ${integer(number)}`)
        .join(', ')}, of the ${settings.split} split`,
    ],
    ...(skipped.length === 0 ? [] : [['left out, too long', skipped.join(', ')]]),
    ['samples a prompt', `${settings.samples}, for the oracle ${settings.oracleSamples} a cell`],
    ...(tuning === undefined
      ? []
      : [['tuning of strategies', `${integer(tuning.prompts)} training prompts, ${tuning.samples} samples a setting`]]),
    ...(curvePrompts === undefined ? [] : [['prompts of the curves', integer(curvePrompts)]]),
    ...(timingPrompts === undefined ? [] : [['prompts of the timing', integer(timingPrompts)]]),
    ['n of Self-BLEU', `${settings.selfBleuGroup}`],
    ['seed', `${settings.seed}`],
    ['truncation', cut.length === 0 ? 'none' : cut.join(', ')],
    ['grid', `T0 ${grid.t0.join(', ')}; θ ${grid.theta.join(', ')}`],
    ['bootstrap', `${integer(settings.resamples)} resamples of prompts, stratified by task`],
    ...Object.entries(settings.signatures).flatMap(([task, signatures]) =>
      Object.entries(signatures).map(([measure, signature]) => [`${task}: ${measure}`, signature]),
    ),
    ...Object.entries(settings.versions),
  ]
  return {
    name: 'settings',
    title: 'Settings',
    columns: [left('setting', 'setting'), left('value', 'value')],
    rows: rows.map((cells) => cells.map(textCell)),
  }
}
