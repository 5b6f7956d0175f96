import { settingsOf, tunedStrategy } from './tuned.js'

/**
 * llama.cpp's dynamic temperature, from a lowest temperature (a certain model) upwards by up to a span (a uniform distribution). Models are
 * rarely near the uniform one, so spans are long: at a tenth of the greatest entropy a span of 8 adds 0.8.
 */
export const dynatemp = tunedStrategy({
  id: 'dynatemp',
  label: 'dynatemp',
  byDefault: true,
  settings: (truncation) =>
    settingsOf([0.1, 0.3, 0.5, 0.7, 0.9], [0.5, 1, 2, 3, 4, 6, 8], (min, span) => ({
      label: `T ${min} to ${min + span}`,
      strategy: { name: 'dynatemp', min, max: min + span },
      truncation,
    })),
})
