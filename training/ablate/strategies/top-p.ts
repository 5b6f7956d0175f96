import { settingsOf, tunedStrategy } from './tuned.js'

/**
 * Nucleus sampling: one temperature, and the smallest set of tokens that holds probability p.
 * @see Holtzman et al. 2020, arXiv 1904.09751
 */
export const topP = tunedStrategy({
  id: 'top-p',
  label: 'top-p',
  byDefault: true,
  settings: () =>
    settingsOf([0.4, 0.6, 0.8, 1, 1.2, 1.5, 2], [0.3, 0.5, 0.7, 0.85, 0.95], (temperature, topP) => ({
      label: `T ${temperature}, p ${topP}`,
      strategy: { name: 'fixed', temperature },
      truncation: { topP },
    })),
})
