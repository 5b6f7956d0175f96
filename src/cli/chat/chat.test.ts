import { describe, expect, it, vi } from 'vitest'
import { runEdt } from '../testing/run-edt.js'

// Processes are slow to start on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 240_000 })

describe('edt chat', () => {
  it('works with a pipe: answers on stdout, what it says on stderr, and a mistake in a line is no end', async () => {
    const source = 'This package contains the documentation.'
    const input = [source, '/t0 0.9', '/balance 2', '/nonsense', '/trace', source, '/quit', 'never seen'].join('\n')
    const { code, stdout, stderr } = await runEdt(['chat', '--task', 'translate-fr', '--seed', '1'], { input })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\S.*\n\S.*\nstep +token +entropy +temperature/)
    expect(stdout).not.toContain('\x1b')
    expect(stderr).toMatch(/T0 [\d.]+, θ [\d.]+ \(learned, balance 0\.5\) · mean temperature [\d.]+ · \d+ tokens/)
    expect(stderr).toContain('T0 0.9, θ')
    expect(stderr).toContain('balance must be a number from')
    expect(stderr).toContain('There is no command "/nonsense"')
    const { stdout: single } = await runEdt(['generate', source, '--task', 'translate-fr', '--seed', '1', '-q'])
    expect(stdout.split('\n')[0]).toBe(single.trimEnd())
  })

  it('gives one document with --json, and takes T0 and θ by hand', async () => {
    const input = 'Describe hello: example package\nDescription:\n/theta 0\n/balance 0.5'
    const { stdout, stderr } = await runEdt(['chat', '--t0', '0.7', '--theta', '1', '--json'], { input })
    const { turns } = JSON.parse(stdout)
    expect(turns).toHaveLength(2)
    expect(turns[0]).toMatchObject({ message: 'Describe hello: example package', t0: 0.7, theta: 1, chosenBy: 'user' })
    expect(stderr).toContain('/balance 0.5 needs a tuner; start with --tuner.')
  })
})
