import { isDeepStrictEqual } from 'node:util'
import { DEFAULT_FEATURE_GROUPS } from '../../../src/features/index.js'
import type { FeatureGroup } from '../../../src/features/types.js'
import { plainRow, type Study } from '../definition.js'

export const featureGroups: Study = {
  id: 'features',
  title: 'Feature groups',
  plan(context) {
    const { groups } = context
    if (groups.length < 2) return { impossible: `the run has features of one group alone (${groups.join()})` }
    // The fit that reads what every tuner reads is shared with the other studies.
    const row = (label: string, read: readonly FeatureGroup[]) =>
      plainRow(label, context, isDeepStrictEqual(read, DEFAULT_FEATURE_GROUPS) ? {} : { groups: read })
    const without = groups.map((left) =>
      row(
        `without ${left}`,
        groups.filter((group) => group !== left),
      ),
    )
    const alone = groups.map((group) => row(`${group} alone`, [group]))
    return {
      question:
        'What does each group of features tell? The tuner is fitted without one group, and with one group alone.',
      reference: 'all groups',
      // Of two groups, leaving one out is having the other alone.
      rows: [row('all groups', groups), ...(groups.length === 2 ? [] : without), ...alone],
    }
  },
}
