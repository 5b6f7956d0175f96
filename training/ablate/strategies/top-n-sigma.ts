import { settingsOf, tunedStrategy } from './tuned.js'

/**
 * top-nσ: one temperature, and the tokens whose logit is within n standard deviations of the highest; without top-p.
 * @see Tang et al. 2024, arXiv 2411.07641
 */
export const topNSigma = tunedStrategy({
  id: 'top-n-sigma',
  label: 'top-nσ',
  byDefault: true,
  settings: () =>
    settingsOf([0.5, 0.75, 1, 1.5, 2, 3, 5], [0.5, 1, 1.5, 2, 3], (temperature, topNSigma) => ({
      label: `T ${temperature}, n ${topNSigma}`,
      strategy: { name: 'fixed', temperature },
      truncation: { topP: 1, topNSigma },
    })),
})
