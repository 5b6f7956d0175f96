import { settingsOf, tunedStrategy } from './tuned.js'

/**
 * min-p: one temperature, and the tokens with at least a share of the most probable one's probability; without top-p.
 * @see Nguyen et al. 2024, arXiv 2407.01082
 */
export const minP = tunedStrategy({
  id: 'min-p',
  label: 'min-p',
  byDefault: true,
  settings: () =>
    settingsOf([0.5, 0.75, 1, 1.25, 1.5, 2, 3], [0.02, 0.05, 0.1, 0.2, 0.4], (temperature, minP) => ({
      label: `T ${temperature}, min-p ${minP}`,
      strategy: { name: 'fixed', temperature },
      truncation: { topP: 1, minP },
    })),
})
