import { EdtError } from '../errors.js'
import type { Prefill } from '../lm/types.js'
import type { Feature } from './feature.js'
import { prefillFeatures } from './prefill.js'
import { promptFeatures } from './prompt.js'
import { surprisalFeatures } from './surprisal.js'
import { textFeatures } from './text.js'
import type { FeatureGroup, FeatureVector, PromptObservation } from './types.js'

/** Raised whenever a feature's meaning, name or order changes: checkpoints of another version cannot be used. */
export const FEATURE_VERSION = 2

export const FEATURE_GROUPS: readonly FeatureGroup[] = ['prompt', 'text', 'surprisal', 'prefill']

/**
 * What a tuner reads unless told otherwise: what costs nothing. The `surprisal` group needs the logits of every prompt position, which makes the
 * first token wait for up to three quarters longer.
 */
export const DEFAULT_FEATURE_GROUPS: readonly FeatureGroup[] = ['prompt', 'text', 'prefill']

/** A feature group was asked for, but what it is made of is not known here. */
export class MissingFeatureGroupError extends EdtError {
  override name = 'MissingFeatureGroupError' as const
  constructor(
    readonly group: FeatureGroup,
    readonly missing: string,
  ) {
    super(
      `The feature group "${group}" needs ${missing}, which is not available here. Use edt-tuner's own generate(), or a tuner trained without this group.`,
    )
  }
}

/** The group that a feature belongs to, by its name. @throws {EdtError} for a name that no group has */
export function featureGroup(name: string): FeatureGroup {
  const group = name.slice(0, name.indexOf('.')) as FeatureGroup
  if (!FEATURE_GROUPS.includes(group))
    throw new EdtError(`"${name}" is no feature of any group (${FEATURE_GROUPS.join(', ')}).`)
  return group
}

/** What our engine's prefill tells of a prompt. `text` is what the tokens were encoded from. */
export function observePrompt(text: string, prefill: Prefill): PromptObservation {
  const { tokenIds, lastLogits, surprisals, kv } = prefill
  return { tokenIds, lastLogits, text, surprisals, kv }
}

/**
 * Describes a prompt by named numbers.
 * @param groups which features, in the order prompt, text, surprisal, prefill. @default all of them
 * @throws {MissingFeatureGroupError} when the observation lacks what a group needs
 */
export function extractFeatures(
  observation: PromptObservation,
  groups: readonly FeatureGroup[] = FEATURE_GROUPS,
): FeatureVector {
  const features: Feature[] = []
  if (groups.includes('prompt')) features.push(...promptFeatures(observation))
  if (groups.includes('text')) {
    if (observation.text === undefined) throw new MissingFeatureGroupError('text', "the prompt's text")
    features.push(...textFeatures(observation.text))
  }
  if (groups.includes('surprisal')) {
    const { surprisals } = observation
    if (surprisals === undefined) throw new MissingFeatureGroupError('surprisal', "the prompt's surprisals")
    features.push(...surprisalFeatures(surprisals))
  }
  if (groups.includes('prefill')) {
    const { kv } = observation
    if (kv === undefined || kv.length === 0) throw new MissingFeatureGroupError('prefill', 'the KV cache of the prompt')
    features.push(...prefillFeatures(kv))
  }
  return {
    version: FEATURE_VERSION,
    names: features.map((feature) => feature.name),
    values: Float32Array.from(features, (feature) => (Number.isFinite(feature.value) ? feature.value : 0)),
  }
}
