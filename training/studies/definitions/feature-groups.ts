import { plainRow, type Study } from '../definition.js'

export const featureGroups: Study = {
  id: 'features',
  title: 'Feature groups',
  plan(context) {
    const { groups } = context
    if (groups.length < 2) return { impossible: `the run has features of one group alone (${groups.join()})` }
    const without = groups.map((left) => {
      const rest = groups.filter((group) => group !== left)
      return plainRow(`without ${left}`, context, { groups: rest })
    })
    const alone = groups.map((group) => plainRow(`${group} alone`, context, { groups: [group] }))
    return {
      question:
        'What does each group of features tell? The tuner is fitted without one group, and with one group alone.',
      reference: 'all groups',
      // Of two groups, leaving one out is having the other alone.
      rows: [plainRow('all groups', context), ...(groups.length === 2 ? [] : without), ...alone],
    }
  },
}
