/** Keeps what is on screen in its place while others insert, delete and sort rows: the scroll goes along. */
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import type { RecordId } from '../../api/types'
import { type Seen, scrollFor } from '../keepPlace'
import type { GridModel } from '../model'
import type { SurfaceRef } from '../surface/types'

export type Heights = number | ((row: number) => number)

interface Place {
  /** Raised whenever rows were drawn anew. */
  version: number
  heights: Heights
  active: () => RecordId | undefined
  /** Puts an open editor back over its cell. */
  follow: () => void
}

export function useKeepPlace(model: GridModel, surface: RefObject<SurfaceRef | null>, place: Place): void {
  const { version, follow } = place
  const latest = useRef(place)
  latest.current = place
  const before = useRef<readonly Seen[]>(undefined)

  useEffect(() => {
    const { rows } = model
    rows.looksAt = () => looksAt(model, latest.current.active())
    rows.shifting = () => {
      before.current ??= seen(model, latest.current.heights)
    }
    return () => {
      rows.looksAt = undefined
      rows.shifting = undefined
    }
  }, [model])

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when rows were drawn anew
  useLayoutEffect(() => {
    const was = before.current
    before.current = undefined
    const { heights, active } = latest.current
    let by = 0
    if (was && was.length > 0) {
      by = scrollFor(
        was,
        active(),
        (id) => model.rowOf(id),
        (row) => topOf(row, heights),
      )
    }
    if (by === 0 || !surface.current?.scrollBy(by)) {
      follow()
      return
    }
    // The surface takes in the scroll a frame later.
    const frame = requestAnimationFrame(() => requestAnimationFrame(follow))
    return () => cancelAnimationFrame(frame)
  }, [version, model, surface, follow])
}

function looksAt(model: GridModel, active: RecordId | undefined): RecordId[] {
  const [from, to] = model.onScreen
  const ids: RecordId[] = []
  for (let row = from; row <= to; row += 1) {
    const id = model.idAt(row)
    if (id !== undefined) ids.push(id)
  }
  const first = active !== undefined && ids.includes(active) ? active : ids[Math.floor(ids.length / 2)]
  return first === undefined ? [] : [first, ...ids]
}

function seen(model: GridModel, heights: Heights): Seen[] {
  const [from, to] = model.onScreen
  const found: Seen[] = []
  let top = topOf(from, heights)
  for (let row = from; row <= to; row += 1) {
    const id = model.idAt(row)
    if (id !== undefined) found.push({ id, row, top })
    top += typeof heights === 'number' ? heights : heights(row)
  }
  return found
}

function topOf(row: number, heights: Heights): number {
  if (typeof heights === 'number') return row * heights
  let sum = 0
  for (let above = 0; above < row; above += 1) sum += heights(above)
  return sum
}
