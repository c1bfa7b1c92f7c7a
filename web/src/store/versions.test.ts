import { describe, expect, it } from 'vitest'
import { changeAt } from './changeForTests'
import { VersionTrack } from './versions'

function track() {
  const seen: number[] = []
  const gaps: number[] = []
  const made = new VersionTrack(
    (one) => seen.push(one.version),
    (since) => gaps.push(since),
  )
  made.start(10)
  return { made, seen, gaps }
}

describe('version track', () => {
  it('takes each change once, whichever side tells it first', () => {
    const { made, seen } = track()
    made.own(changeAt(11))
    made.heard(changeAt(11))
    made.heard(changeAt(12))
    made.own(changeAt(12))
    expect(seen).toEqual([11, 12])
    expect(made.applied).toBe(12)
  })

  it('shows an own answer at once and puts what was missing below it', () => {
    const { made, seen, gaps } = track()
    made.own(changeAt(13))
    expect(made.applied).toBe(10)
    made.heard(changeAt(11))
    made.heard(changeAt(12))
    expect(made.applied).toBe(13)
    expect(gaps).toEqual([])
    // The newer own change is laid over again after each older one.
    expect(seen).toEqual([13, 11, 13, 12, 13])
  })

  it('asks for what it missed and takes nothing out of order', () => {
    const { made, seen, gaps } = track()
    made.heard(changeAt(13))
    expect(gaps).toEqual([10])
    expect(seen).toEqual([])
    for (const version of [11, 12, 13]) made.heard(changeAt(version))
    expect(seen).toEqual([11, 12, 13])
    expect(made.since(11).map((one) => one.version)).toEqual([12, 13])
  })

  it('ignores what is older than its start', () => {
    const { made, seen } = track()
    made.heard(changeAt(9))
    made.own(changeAt(10))
    expect(seen).toEqual([])
  })
})
