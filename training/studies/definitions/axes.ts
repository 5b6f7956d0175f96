import { plainRow, type Study } from '../definition.js'

export const axes: Study = {
  id: 'axes',
  title: 'T0 alone, θ alone, both',
  plan(context) {
    const { grid } = context
    if (grid.t0.length < 2 || grid.theta.length < 2) return { impossible: 'its grid varies T0 or θ alone' }
    const stays = (what: string) => `${what} stays at that of the best fixed EDT`
    return {
      question:
        'Which of the two settings must follow the prompt? One is learned while the other stays fixed; a learned fixed temperature (θ = 0) is dynamic between prompts, but not between tokens.',
      reference: 'T0 and θ',
      rows: [
        plainRow('T0 and θ', context),
        plainRow('T0 alone', context, { axes: 't0' }, { note: stays('θ') }),
        plainRow('θ alone', context, { axes: 'theta' }, { note: stays('T0') }),
        ...(grid.theta[0] === 0
          ? [
              plainRow(
                'temperature',
                context,
                { grid: { t0: grid.t0, theta: [0] } },
                { note: 'θ = 0, fitted on these cells' },
              ),
            ]
          : []),
      ],
    }
  },
}
