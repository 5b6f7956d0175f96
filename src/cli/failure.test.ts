import { stat } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { EdtError } from '../errors.js'
import { describeFailure } from './failure.js'
import { InterruptedError } from './interrupt.js'

describe('a failure', () => {
  it('that the user can mend ends with 2 and the sentence alone', () => {
    expect(describeFailure(new EdtError('--samples must be 2.'), false)).toEqual({
      message: '--samples must be 2.',
      exitCode: 2,
    })
  })

  it('of the file system names the path', async () => {
    const error = await stat('/no/such/file').catch((reason) => reason)
    expect(describeFailure(error, false)).toEqual({ message: '/no/such/file: no such file or folder.', exitCode: 2 })
  })

  it("of a full disk is the user's to mend, also where the system does not tell the file", () => {
    const error = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      syscall: 'write',
    })
    const message = 'no space left on the disk; free some and run the same command again.'
    expect(describeFailure(error, false)).toEqual({ message, exitCode: 2 })
  })

  it('of memory is not one of ours', () => {
    const { message, exitCode } = describeFailure(new Error('std::bad_alloc'), false)
    expect(exitCode).toBe(2)
    expect(message).toMatch(/^not enough memory/)
  })

  it('of ours ends with 1 and shows the stack only when asked', () => {
    const error = new TypeError('x is undefined')
    expect(describeFailure(error, false)).toMatchObject({ exitCode: 1 })
    expect(describeFailure(error, false).message).not.toContain('failure.test')
    expect(describeFailure(error, true).message).toContain('failure.test')
    expect(describeFailure('thrown text', true)).toEqual({ message: 'thrown text', exitCode: 1 })
  })

  it('by Ctrl-C ends with 130', () => {
    expect(describeFailure(new InterruptedError(130), true)).toEqual({ message: 'Stopped by the user.', exitCode: 130 })
  })
})
