import { setTimeout as sleep } from 'node:timers/promises'
import { call } from './http.js'
import type { Client } from './types.js'

/** More than the buffers between the two processes hold, so that the server has to keep the rest, or to let go of the client. */
const LARGE_ANSWER = {
  prompt: 'Describe hello: example package\nDescription:',
  ...{ n: 32, max_tokens: 160, stop: ['\u0000'], temperature: 2, top_p: 1, logprobs: 20, stream: true },
  edt: { trace: true, alternatives: 20 },
}

/** Asks for much, and then reads nothing for a while. That it is let go is fine; that others suffer is not. */
export const stuckReader: Client = async ({ target, tally, random, patience }) => {
  const { request, response } = call(target, { path: '/v1/completions', body: LARGE_ANSWER })
  const answer = await response
  answer.pause()
  await sleep(patience * (0.5 + random.next()))
  let letGo = false
  answer.resume()
  await new Promise<void>((resolve) => {
    answer.on('end', resolve).on('error', () => {
      letGo = true
      resolve()
    })
    // What lies in the buffers comes at once; the rest is not waited for.
    setTimeout(resolve, 1000)
  })
  request.destroy()
  tally.count(letGo ? 'stuck readers that were let go' : 'stuck readers that left by themselves')
}
