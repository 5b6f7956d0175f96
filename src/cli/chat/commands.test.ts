import { describe, expect, it } from 'vitest'
import { parseChatCommand } from './commands.js'

describe('parseChatCommand', () => {
  it('takes a line that begins with a slash for a command, and any other for a message', () => {
    expect(parseChatCommand('What is 1/2?')).toBeUndefined()
    expect(parseChatCommand(' /reset ')).toEqual({ name: 'reset' })
    expect(parseChatCommand('/t0 0.8')).toEqual({ name: 't0', value: 0.8 })
    expect(parseChatCommand('/theta 0')).toEqual({ name: 'theta', value: 0 })
    expect(parseChatCommand('/balance auto')).toEqual({ name: 'balance', value: undefined })
  })

  it('says what is wrong with a command, and which one was meant', () => {
    expect(() => parseChatCommand('/ballance 0.5')).toThrow('There is no command "/ballance". Did you mean "/balance"?')
    expect(() => parseChatCommand('/xyzzy')).toThrow('There is no command "/xyzzy". /help lists what there is.')
    expect(() => parseChatCommand('/t0')).toThrow('/t0 needs a number ≥ 0, or auto, but found "".')
    expect(() => parseChatCommand('/t0 -1')).toThrow('/t0 needs a number ≥ 0, or auto, but found "-1".')
    expect(() => parseChatCommand('/quit now')).toThrow('/quit takes no value.')
  })
})
