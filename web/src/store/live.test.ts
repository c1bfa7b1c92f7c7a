import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LiveChannel } from './live'

class FakeSocket {
  static readonly OPEN = 1
  static readonly made: FakeSocket[] = []
  readyState = FakeSocket.OPEN
  onmessage: ((event: { data: string }) => void) | undefined
  onclose: (() => void) | undefined
  readonly sent: string[] = []

  constructor(readonly url: string) {
    FakeSocket.made.push(this)
  }

  send(text: string): void {
    this.sent.push(text)
  }

  close(): void {
    this.readyState = 3
    this.onclose?.()
  }

  greet(): void {
    this.onmessage?.({ data: JSON.stringify({ type: 'hello', version: 1, changes: [] }) })
  }
}

let states: boolean[] = []
let version = 4
let live: LiveChannel

const knocks = () => FakeSocket.made.length
const last = () => FakeSocket.made.at(-1) as FakeSocket

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeSocket)
  FakeSocket.made.length = 0
  states = []
  live = new LiveChannel({
    since: () => version,
    message: () => undefined,
    status: (connected) => states.push(connected),
  })
})
afterEach(() => {
  live.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the live channel', () => {
  it('calls again with growing pauses when nobody answers', () => {
    live.open()
    const within = (ms: number): number => {
      const before = knocks()
      for (let past = 0; past < ms; past += 50) {
        if (last().readyState === FakeSocket.OPEN) last().close()
        vi.advanceTimersByTime(50)
      }
      return knocks() - before
    }
    const first = within(60_000)
    const later = within(60_000)
    expect(first).toBeGreaterThan(5)
    expect(later).toBeGreaterThan(2)
    expect(later).toBeLessThan(first)
  })

  it('goes on from the version it has by then', () => {
    live.open()
    expect(last().url).toContain('since=4')
    last().greet()
    version = 9
    last().close()
    vi.advanceTimersByTime(1000)
    expect(last().url).toContain('since=9')
    expect(states).toEqual([true, false])
  })

  it('takes a line for dead that is silent', () => {
    live.open()
    last().greet()
    vi.advanceTimersByTime(44_000)
    last().greet()
    vi.advanceTimersByTime(44_000)
    expect(knocks()).toBe(1)
    vi.advanceTimersByTime(2000)
    expect(knocks()).toBe(2)
  })

  it('calls nobody once it is closed, whoever hurries it, until it is opened again', () => {
    live.open()
    last().greet()
    live.close()
    expect(last().readyState).not.toBe(FakeSocket.OPEN)
    live.hurry()
    live.renew()
    vi.advanceTimersByTime(120_000)
    expect(knocks()).toBe(1)
    expect(live.say('here')).toBe(false)
    live.open()
    expect(knocks()).toBe(2)
    expect(live.say('too early')).toBe(false)
    last().greet()
    expect(live.say('here')).toBe(true)
    expect(last().sent).toEqual(['here'])
  })

  it('is not woken by a retry that was due when it was closed', () => {
    live.open()
    last().close()
    live.close()
    vi.advanceTimersByTime(120_000)
    expect(knocks()).toBe(1)
  })
})
