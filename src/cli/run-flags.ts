import { strategyNames } from '../../training/ablate/strategies/index.js'
import { DEFAULT_GRID } from '../../training/collect/grid.js'
import { BALANCE_RANGE } from '../../training/fit/balance-range.js'
import { DEFAULT_FEATURE_GROUPS, FEATURE_GROUPS } from '../features/index.js'
import { embeddedTaskNames, openTask, type Task } from '../tasks/index.js'
import { backendFlag, type modelFlags } from './common-flags.js'
import {
  choices,
  decimal,
  decimals,
  type Flags,
  integer,
  oneOrAny,
  type Settings,
  text,
  texts,
  toggle,
} from './flags.js'
import type { Output } from './output.js'
import { taskFlags, taskOptions } from './task-flags.js'

/** What a run is about, and where it lies. */
export const runFlags = {
  task: texts(
    'Task: an embedded one, all, a folder with task.json, or a data set with its file, xlsum:FILE; may repeat',
    {
      default: ['all'],
    },
  ),
  out: text('Folder of the run; the same command again goes on with it', {
    recorded: false,
    defaultDescription: 'runs/MODEL-TASKS',
  }),
  ...taskFlags,
} satisfies Flags

/** What `collect` runs. */
export const collectFlags = {
  trainPrompts: integer('Most training prompts of a task', { min: 1, defaultDescription: 'all' }),
  validationPrompts: integer('Most validation prompts of a task', { min: 0, defaultDescription: 'all' }),
  gridT0: decimals('Values of T0 in the grid', { above: 0, default: [...DEFAULT_GRID.t0] }),
  gridTheta: decimals('Values of theta in the grid; 0 is a fixed temperature', {
    min: 0,
    default: [...DEFAULT_GRID.theta],
  }),
  samples: integer('Samples a cell of the grid', { min: 2, default: 5 }),
  topP: decimal('Draw from the most probable tokens that make up this much', { above: 0, max: 1, default: 0.95 }),
} satisfies Flags

export const seedFlag = {
  seed: integer('Same seed, same numbers', { min: 0, default: 0 }),
} satisfies Flags

/** How `fit` trains. The library's defaults hold for what is left out. */
export const fitFlags = {
  name: text('Name of the tuner', { default: 'tuner' }),
  features: choices('Groups of features to read; may repeat', FEATURE_GROUPS, {
    defaultDescription: DEFAULT_FEATURE_GROUPS.join(','),
  }),
  balance: oneOrAny('Balances between quality and diversity to learn: any, or one such as 0.5', BALANCE_RANGE, {
    default: 'any',
  }),
  epochs: integer('Most passes over the training prompts', { min: 1, defaultDescription: '300' }),
  patience: integer('Passes without a better validation EDA before it stops', { min: 1, defaultDescription: '80' }),
  members: integer('Networks to train and average', { min: 1, defaultDescription: '4' }),
  hidden: decimals('Units of each hidden layer', { min: 1, defaultDescription: '32,32' }),
  learningRate: decimal('Learning rate of Adam', { above: 0, defaultDescription: '0.001' }),
  ...backendFlag,
} satisfies Flags

/** What `ablate` runs on held-out prompts. */
export const evaluationFlags = {
  strategies: choices('Strategies to compare, with commas (best-fixed-edt and learned-edt always are)', strategyNames, {
    defaultDescription: 'the cheap ones',
  }),
  testPrompts: integer('Most test prompts of a task to evaluate on', { min: 1, defaultDescription: 'all' }),
  testSamples: integer('Samples a test prompt and strategy', { min: 2, default: 10 }),
  oraclePrompts: integer('Test prompts for the per-prompt oracle, spread over the tasks; 0 leaves it out', {
    min: 0,
    default: 60,
  }),
  oracleSamples: integer('Samples a cell for the oracle, half to choose and half to score', { min: 4, default: 32 }),
  tunePrompts: integer(
    'Training prompts that strategies are tuned on, spread over the tasks; 0 leaves out those that need it',
    { min: 0, default: 100 },
  ),
  tuneSamples: integer('Samples of each setting and training prompt', {
    min: 2,
    defaultDescription: 'n of Self-BLEU',
  }),
  curvePrompts: integer(
    'Test prompts for the curves of quality against Self-BLEU, spread over the tasks; 0 leaves them out',
    { min: 0, default: 200 },
  ),
  timingPrompts: integer('Test prompts for speed and memory of each strategy, run alone; 0 leaves them out', {
    min: 0,
    default: 5,
  }),
} satisfies Flags

export const workersFlag = {
  workers: integer('Worker processes, each with the model on one core; 0 runs in this process', {
    min: 0,
    group: 'Model:',
    defaultDescription: 'the cores',
  }),
} satisfies Flags

export const dryRunFlag = {
  dryRun: toggle('Tell what collecting would cost, and stop; nothing is written', { recorded: false }),
} satisfies Flags

type CollectSettings = Settings<typeof collectFlags & typeof seedFlag & typeof modelFlags & typeof workersFlag>

/** The settings as `collect` takes them. */
export function collectOptions(settings: CollectSettings) {
  const { model, dtype, device, workers, samples, seed, topP, gridT0, gridTheta } = settings
  return {
    ...{ model, dtype, device, workers, samples, seed },
    truncation: { topP },
    grid: { t0: gridT0, theta: gridTheta },
    limits: { train: settings.trainPrompts, validation: settings.validationPrompts },
  }
}

/** The settings as `fitInRun` takes them. */
export function fitOptions(settings: Settings<typeof fitFlags> & { seed: number }) {
  const { name, features: groups, balance, epochs, patience, members, hidden, learningRate, backend, seed } = settings
  return { name, groups, balance, epochs, patience, members, hidden, learningRate, backend, seed }
}

type EvaluationSettings = Settings<typeof evaluationFlags & typeof modelFlags & typeof workersFlag> & {
  seed: number
}

/** The settings as `evaluate` takes them. */
export function evaluationOptions(settings: EvaluationSettings) {
  const { model, dtype, device, workers, seed, testPrompts, testSamples, oraclePrompts, oracleSamples } = settings
  const { strategies, tunePrompts, tuneSamples, curvePrompts, timingPrompts } = settings
  return {
    ...{ model, dtype, device, workers, seed, strategies, oraclePrompts, oracleSamples },
    ...{ tunePrompts, tuneSamples, curvePrompts, timingPrompts },
    limit: testPrompts,
    samples: testSamples,
  }
}

/**
 * Opens the tasks that `--task` names; `all` stands for every embedded one.
 * @param output is told of repeated ids and skipped rows
 * @throws {TaskNotFoundError}
 */
export async function openTasks(settings: Settings<typeof runFlags>, output?: Output): Promise<Task[]> {
  const wanted = settings.task.flatMap((name) => (name === 'all' ? embeddedTaskNames() : [name]))
  const options = await taskOptions(settings, output)
  return Promise.all([...new Set(wanted)].map((name) => openTask(name, options)))
}
