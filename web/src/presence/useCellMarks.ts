/** Which cells of the grid others stand in; only those cells are drawn again when somebody moves. */
import { type RefObject, useCallback, useEffect, useRef } from 'react'
import type { Someone, UserId } from '../api/types'
import type { GridModel } from '../grid/model'
import type { CellMark, SurfaceRef } from '../grid/surface/types'
import { cellKey } from '../store/ops'
import { personTone } from '../ui/Avatar'
import { othersAt, usePeople } from './people'

/** Some in one cell share its frame, in the colour of who came first: `Bob +2`. */
export function marksOf(people: readonly Someone[]): ReadonlyMap<string, CellMark> {
  const cells = new Map<string, Someone[]>()
  for (const one of people) {
    if (one.record === undefined || one.field === undefined) continue
    const key = cellKey(one.record, one.field)
    cells.set(key, [...(cells.get(key) ?? []), one])
  }
  return new Map([...cells].map(([key, there]) => [key, markOf(there)]))
}

function markOf(there: readonly Someone[]): CellMark {
  const first = there[0]
  const name = first?.name.split(/\s+/)[0] ?? ''
  return { name: there.length > 1 ? `${name} +${there.length - 1}` : name, tone: personTone(first?.user ?? '') }
}

const NONE: ReadonlyMap<string, CellMark> = new Map()

type Others = (col: number, row: number) => CellMark | undefined

/** Stays outside React's state: somebody else's move draws two cells and renders nothing. */
export function useCellMarks(model: GridModel, surface: RefObject<SurfaceRef | null>, user: UserId): Others {
  const marks = useRef<ReadonlyMap<string, CellMark>>(NONE)
  const table = model.setting.table.id
  useEffect(() => {
    const take = (): void => {
      const before = marks.current
      marks.current = marksOf(othersAt(usePeople.getState(), table, user))
      const touched = new Set([...before.keys(), ...marks.current.keys()])
      const same = (key: string) => before.get(key)?.name === marks.current.get(key)?.name
      const cells = [...touched].filter((key) => !same(key)).flatMap((key) => placeOf(model, key))
      if (cells.length > 0) surface.current?.repaint(cells)
    }
    take()
    return usePeople.subscribe(take)
  }, [model, surface, table, user])
  return useCallback(
    (col, row) => {
      if (marks.current.size === 0) return undefined
      const [field, record] = [model.field(col), model.idAt(row)]
      return field && record !== undefined ? marks.current.get(cellKey(record, field.id)) : undefined
    },
    [model],
  )
}

function placeOf(model: GridModel, key: string): (readonly [col: number, row: number])[] {
  const [record = '', id] = key.split('/')
  const row = model.rowOf(record)
  const col = model.setting.fields.findIndex((field) => field.id === id)
  return row === undefined || col < 0 ? [] : [[col, row]]
}
