import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { api } from '../api/client'
import type { ChangesAnswer } from '../api/types'
import { changeAt } from './changeForTests'
import { Incoming } from './incoming'

/** Readings of what is missing that the server has not answered yet. */
let asked: { since: unknown; answer: (upTo: number) => void; fail: () => void }[] = []
let taken: number[] = []
let startedAt: number | undefined
let incoming: Incoming

/** Lets a message arrive as if on the socket. */
const hear = (...versions: number[]) => {
  for (const version of versions) incoming.track.heard(changeAt(version))
}
const settle = () => new Promise((resolve) => setTimeout(resolve))

beforeEach(() => {
  asked = []
  taken = []
  startedAt = undefined
  vi.spyOn(api, 'get').mockImplementation((_, options) => {
    const since = Number(options?.query?.since)
    return new Promise((resolve, reject) => {
      const answer = (upTo: number) => {
        const changes = Array.from({ length: upTo - since }, (_, index) => changeAt(since + 1 + index))
        resolve({ version: upTo, changes, reset: false } satisfies ChangesAnswer as never)
      }
      asked.push({ since, answer, fail: () => reject(new Error('no line')) })
    })
  })
  incoming = new Incoming({
    busy: () => false,
    taken: ({ version }) => void taken.push(version),
    startOver: (version) => {
      startedAt = version
    },
    connected: () => undefined,
    switched: () => undefined,
  })
  incoming.track.start(1)
})
afterEach(() => void vi.restoreAllMocks())

describe('a gap in what is heard', () => {
  it('is read once, and everything is taken in order', async () => {
    hear(4)
    expect(asked.map(({ since }) => since)).toEqual([1])
    asked[0]?.answer(4)
    await settle()
    expect(taken).toEqual([2, 3, 4])
    expect(asked).toHaveLength(1)
  })

  it('that grows while it is read is read to its end', async () => {
    hear(4, 5, 6)
    expect(asked).toHaveLength(1)
    asked[0]?.answer(4)
    await settle()
    expect(asked.map(({ since }) => since)).toEqual([1, 4])
    asked[1]?.answer(6)
    await settle()
    expect(taken).toEqual([2, 3, 4, 5, 6])
    hear(7)
    expect(taken.at(-1)).toBe(7)
    expect(asked).toHaveLength(2)
  })

  it('that cannot be read makes the channel begin anew, which greets with what is missing', async () => {
    const renewed = vi.spyOn(incoming.live, 'renew').mockImplementation(() => undefined)
    hear(4, 5)
    asked[0]?.fail()
    await settle()
    expect(renewed).toHaveBeenCalledTimes(1)
    expect(asked).toHaveLength(1)
    expect(startedAt).toBeUndefined()
    hear(2, 3)
    expect(taken).toEqual([2, 3])
  })
})
