import { settingsOf, tunedStrategy } from './tuned.js'

/**
 * KL-divergence guided temperature: two decodes of each answer, with and without the source, so that a sample costs twice as much as
 * another strategy's.
 * @see Chang et al. 2023, arXiv 2306.01286
 */
export const kld = tunedStrategy({
  id: 'kld',
  label: 'KL divergence',
  byDefault: false,
  settings: (truncation) =>
    settingsOf([0.6, 0.8, 1, 1.2, 1.5, 2, 3], [0.25, 0.5, 1, 2, 5], (temperature, bandwidth) => ({
      label: `T ${temperature}, bandwidth ${bandwidth}`,
      strategy: { name: 'kld', temperature, bandwidth },
      truncation,
    })),
})
