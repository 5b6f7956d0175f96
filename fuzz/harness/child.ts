/** One target in a process of its own, so that a hang or a crash of native code is seen from outside. */
import { targets } from '../targets/index.js'
import { type CampaignOptions, runCampaign } from './campaign.js'

/** Inputs between two signs of life. */
const BEAT_EVERY_MS = 250

process.on('message', async ({ name, ...options }: { name: string } & CampaignOptions) => {
  const target = targets.find((candidate) => candidate.name === name)!
  let last = 0
  const onInput = (input: number) => {
    if (performance.now() - last < BEAT_EVERY_MS) return
    last = performance.now()
    process.send!({ input })
  }
  const result = await runCampaign(target, { ...options, onInput })
  process.send!({ result }, () => process.exit(0))
})
