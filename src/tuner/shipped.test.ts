import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../package-root.js'
import { findCheckpoint, shippedTuners } from './shipped.js'
import { loadTuner } from './tuner.js'

describe('tuners that ship', () => {
  it('load by name from any folder, and say which model they are for', async () => {
    expect(shippedTuners()).toEqual(expect.arrayContaining(['debian-6m/universal', 'debian-6m/universal-prompt']))
    for (const name of shippedTuners()) {
      const { metadata } = await loadTuner(name)
      expect(`${metadata.languageModel.id}/${metadata.tunerName}`).toBe(name)
    }
  })

  it('a folder that is there wins over a name; neither is an error that names what ships', async () => {
    const folder = join(packageRoot(), 'checkpoints', 'debian-6m', 'universal')
    expect(await findCheckpoint(folder)).toBe(folder)
    await expect(loadTuner('debian-6m/univrsal')).rejects.toThrow(
      /debian-6m\/univrsal: there is no such folder; give the folder that holds tuner\.json, or .* ships: .*debian-6m\/universal,/,
    )
  })
})
