import { FEATURE_VERSION } from '../features/index.js'
import type { FeatureVector } from '../features/types.js'
import { FeatureMismatchError } from './errors.js'
import type { TunerMetadata } from './metadata.js'

type FeatureSet = TunerMetadata['features']

/** @throws {FeatureMismatchError} when the tuner was trained with other feature code than this version's */
export function checkFeatureVersion(path: string, { version }: FeatureSet, available: number = FEATURE_VERSION): void {
  if (version === available) return
  const hint = version > available ? 'Update edt-tuner.' : 'Train the tuner again with `edt train`.'
  throw new FeatureMismatchError(path, `version ${version} of the features`, `version ${available}`, hint)
}

/**
 * Picks a tuner's features from a feature vector, by name, in the tuner's order. Names are looked up once, and again when they change.
 * @throws {FeatureMismatchError} naming what is missing, or a value that is no number
 */
export class FeatureOrder {
  #known: { names: readonly string[]; places: Int32Array } | undefined

  constructor(
    readonly path: string,
    readonly features: FeatureSet,
  ) {}

  pick(vector: FeatureVector): Float32Array {
    checkFeatureVersion(this.path, this.features, vector.version)
    const places = this.#places(vector.names)
    const picked = new Float32Array(places.length)
    for (let i = 0; i < places.length; i++) {
      const value = vector.values[places[i]]
      if (!Number.isFinite(value)) {
        const hint = 'Features must be finite numbers.'
        throw new FeatureMismatchError(this.path, `the feature ${this.features.names[i]}`, `${value}`, hint)
      }
      picked[i] = value
    }
    return picked
  }

  #places(names: readonly string[]): Int32Array {
    const known = this.#known
    if (known?.names.length === names.length && names.every((name, i) => name === known.names[i])) return known.places
    const index = new Map(names.map((name, i) => [name, i]))
    const missing = this.features.names.filter((name) => !index.has(name))
    if (missing.length > 0) {
      const groups = this.features.groups.join(', ')
      const some = `${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ', …' : ''}`
      throw new FeatureMismatchError(
        this.path,
        `${this.features.names.length} features of the groups ${groups}`,
        `a vector without ${missing.length} of them (${some})`,
        'Extract all of these groups, from the language model that the tuner was trained for.',
      )
    }
    const places = Int32Array.from(this.features.names, (name) => index.get(name)!)
    this.#known = { names, places }
    return places
  }
}
