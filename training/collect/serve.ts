import type { LanguageModel } from '../../src/lm/types.js'
import { toPlainError } from '../../src/process/index.js'
import { describeModel, type MessageFromWorker, type MessageToWorker, outcomeOf } from './protocol.js'
import { runRollouts } from './rollouts.js'

type Load = (options: Extract<MessageToWorker, { type: 'load' }>['options']) => Promise<LanguageModel>

/**
 * The life of a worker process: loads the model it is told to load, then does one job after the other, until its parent
 * lets go of it or dies.
 */
export function serveJobs(load: Load): void {
  let model: LanguageModel
  let maxRows: number
  const answer = (message: MessageFromWorker) => process.send?.(message)

  process.on('message', async (message: MessageToWorker) => {
    try {
      if (message.type === 'load') {
        maxRows = message.maxRows
        model = await load(message.options)
        answer({ type: 'ready', model: await describeModel(model) })
      } else {
        const { job } = message
        const outcome = await outcomeOf(job, (profile) => runRollouts(model, job, { maxRows, profile }))
        answer({ type: 'outcome', outcome })
      }
    } catch (error) {
      answer({ type: 'failed', error: toPlainError(error) })
    }
  })
  process.on('disconnect', () => process.exit(0))
  // Ctrl-C reaches every process of the terminal; whether workers end is the parent's decision.
  process.on('SIGINT', () => undefined)
}
