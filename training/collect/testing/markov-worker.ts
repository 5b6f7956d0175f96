import { existsSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { EdtError } from '../../../src/errors.js'
import { serveJobs } from '../serve.js'
import { markovModel } from './markov-model.js'

// Entry of a worker process for tests: the Markov model, with prompts that say how to misbehave.
serveJobs(async ({ model: id }) => {
  if (id === 'missing') throw new EdtError('missing: there is no such model.')
  if (id === 'deadly') die()
  const model = markovModel()
  const { encode, prefill } = model
  model.encode = (text) => {
    const [, command, argument] = /^(DIE-ONCE|DIE|BUG|REFUSE|NO-MEMORY-ONCE|NO-MEMORY):(\S*)/.exec(text) ?? []
    if (command === 'DIE') die()
    if (command === 'BUG') throw new TypeError('x is undefined')
    if (command === 'REFUSE') throw new EdtError('the prompt is not to the taste of this model.')
    if (command === 'NO-MEMORY') throw new Error('Non-zero status code returned: std::bad_alloc')
    if (command?.endsWith('-ONCE') && !existsSync(argument)) {
      writeFileSync(argument, 'died')
      if (command === 'DIE-ONCE') die()
      throw new RangeError('Array buffer allocation failed')
    }
    return encode(text)
  }
  model.prefill = async (ids) => {
    await sleep(20)
    return prefill(ids)
  }
  return model
})

function die(): never {
  process.stderr.write('out of cheese\n')
  process.kill(process.pid, 'SIGKILL')
  throw new Error('still alive')
}
