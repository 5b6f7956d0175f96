import { EdtError, InvalidOptionError } from '../../src/errors.js'
import { baselineOf, defaultBalance } from '../../src/tuner/balance.js'
import { type BackendName, cellCount, selectBackend } from '../../src/tuner/index.js'
import { bestCells, meanSurfaces } from '../surfaces/mean-surface.js'
import type { TaskReference } from '../surfaces/types.js'
import type { SurfaceSet } from '../types.js'
import { balancePlan, fixedCells } from './balances.js'
import { smoothBaseline } from './baseline.js'
import { DENOISE_DEFAULTS, type DenoiseOptions, denoiseSurfaces } from './denoise.js'
import { type PreparedSurfaces, prepareSurfaces } from './prepare.js'
import { trainMembers } from './train-members.js'
import type { FitOptions, FitResult, TunedAxes } from './types.js'

/**
 * Trains a network to (T0, θ) on the surfaces of a store (DESIGN §3 "Training" and "One slider"): corpus EDA_w over all prompts, each in units of
 * its own task's Q* and D*, is minimised by gradient descent through the surfaces, for balances w that are drawn at random. Training
 * starts at a path over the grid that keeps near the best fixed cell of each w, at w = ½ (EDA) exactly there, and stops by the validation
 * prompts; what comes out is never worse than the best fixed cells on them, neither at w = ½ nor in the mean over w.
 *
 * @param set all surfaces of a store, or a part: tasks, prompts
 * @throws {InvalidOptionError} for too few prompts or a bad option; {EdtError} for surfaces that nothing can be learned from;
 * {BackendUnavailableError}; the signal's reason when aborted
 */
export async function fitTuner(set: SurfaceSet, options: FitOptions = {}): Promise<FitResult> {
  const settings = { ...defaults, ...withoutUndefined(options) }
  const { axes, hidden, members, epochs, patience, learningRate, weightDecay, seed, signal, onProgress } = settings
  if (!TUNED_AXES.includes(axes)) throw new InvalidOptionError('axes', `one of ${TUNED_AXES.join(', ')}`, axes)
  const { range, knots, validated } = balancePlan(settings.balance)
  const prepared = prepareSurfaces(set, settings.groups)
  const means = meanSurfaces(prepared.train, 'training')
  const references = Object.fromEntries(
    Object.entries(means).map(([task, { quality, selfBleu }]) => [
      task,
      { bestQuality: Math.max(...quality), worstSelfBleu: Math.max(...selfBleu) },
    ]),
  )
  checkReferences(references, prepared)
  const cells = fixedCells(knots, set.grid, means, references)
  const through = cells.find(({ balance }) => balance === defaultBalance({ range }))!
  const smooth = smoothBaseline(set.grid, means, references, knots, through)
  const backend = await selectBackend(settings.backend)
  const denoised =
    settings.denoise === false
      ? undefined
      : denoiseSurfaces({ ...set, surfaces: prepared.train }, prepared.trainFeatures, settings.denoise)
  const { scores, keepsBaseline, ...trained } = await trainMembers(
    backend.tf,
    { surfaces: denoised?.surfaces ?? prepared.train, features: prepared.trainFeatures },
    prepared.train,
    { surfaces: prepared.validation, features: prepared.validationFeatures },
    {
      ...{ grid: set.grid, references, baseline: baselineOf(set.grid, smooth), range, axes, hidden },
      fixed: fixedCells(validated, set.grid, means, references),
      ...{ members, epochs, patience, learningRate, weightDecay, seed, signal, onProgress },
    },
  )
  const { bestFixed, learned } = scores.find(({ balance }) => balance === defaultBalance({ range }))!
  const { signal: _signal, onProgress: _onProgress, ...plainSettings } = settings
  return {
    ...trained,
    backend: backend.name,
    features: { groups: prepared.groups, names: prepared.names, normalization: prepared.normalization },
    references,
    bestCells: bestCells(set.grid, means, references),
    meanSurfaces: means,
    validation: { prompts: prepared.validation.length, bestFixed, learned },
    balance: { range, baseline: keepsBaseline ? smooth : cells, scores },
    keptStart: trained.epoch === 0,
    ...(denoised === undefined ? {} : { explained: denoised.explained }),
    settings: {
      ...plainSettings,
      denoise: settings.denoise === false ? false : { ...DENOISE_DEFAULTS, ...settings.denoise },
      backend: backend.name,
      groups: prepared.groups,
      epoch: trained.epoch,
      trainPrompts: prepared.train.length,
      cells: cellCount(set.grid),
      ...(denoised === undefined ? {} : { penalty: denoised.penalty, explained: denoised.explained }),
    },
  }
}

/** EDA divides by Q* and D*, and a task that is validated must have been trained on. */
function checkReferences(references: Record<string, TaskReference>, { validation }: PreparedSurfaces): void {
  for (const [task, { bestQuality, worstSelfBleu }] of Object.entries(references)) {
    if (bestQuality > 0 && worstSelfBleu > 0) continue
    const what = bestQuality > 0 ? 'Self-BLEU' : 'quality'
    throw new EdtError(
      `The ${what} of every sample of the task ${task} is 0, so that nothing can be learned from it. Check its references and its metric, or leave it out.`,
    )
  }
  const unknown = validation.find(({ task }) => references[task] === undefined)
  if (unknown !== undefined) {
    throw new EdtError(
      `The task ${unknown.task} has validation prompts, but no training prompts. Collect some, or leave it out.`,
    )
  }
}

const TUNED_AXES: readonly TunedAxes[] = ['both', 't0', 'theta']

const defaults = {
  balance: 'any' as 'any' | number,
  axes: 'both' as TunedAxes,
  hidden: [32, 32] as readonly number[],
  members: 4,
  epochs: 300,
  patience: 80,
  learningRate: 1e-3,
  weightDecay: 1e-5,
  denoise: {} as DenoiseOptions | false,
  seed: 0,
  backend: 'auto' as BackendName | 'auto',
}

/** An option given as undefined means its default. */
function withoutUndefined(options: FitOptions): FitOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
