/** What is selected, kept on the same record while rows come and go. */
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { RecordId } from '../../api/types'
import { followed, type Held, hold, type Rows, sameSelection } from '../followed'
import type { GridModel } from '../model'
import { NOTHING, type Range, ranges, type Selection } from '../selection'

export interface SelectionControl {
  readonly selection: Selection
  /** The selection only went along with its record: no reason to scroll to it. */
  readonly kept: boolean
  /** What is selected this instant: React's state is late for fast typists. */
  readonly selectionNow: () => Selection
  readonly select: (selection: Selection) => void
  /** The selected rectangles, clipped to the table. */
  readonly selected: () => Range[]
}

export function useSelection(model: GridModel, cols: number): SelectionControl {
  const [selection, setSelection] = useState<Selection>(NOTHING)
  const [kept, setKept] = useState(false)
  const now = useRef<Selection>(NOTHING)
  const active = useRef<RecordId>(undefined)
  const held = useRef<Held>(hold(NOTHING, model))

  const select = useCallback(
    (given: Selection) => {
      const next = onRecords(model, given, now.current)
      const left = active.current
      now.current = next
      active.current = next.cell && model.idAt(next.cell[1])
      held.current = hold(next, model)
      setSelection(next)
      if (left !== undefined && left !== active.current) model.rows.leaveRow()
    },
    [model],
  )

  useEffect(
    () =>
      model.rows.subscribe((event) => {
        if (event.kind !== 'all') return
        const next = followed(held.current, rowsOf(model))
        if (!sameSelection(next, now.current)) {
          now.current = next
          setSelection(next)
          setKept(true)
        }
        const { cell } = now.current
        if (active.current !== undefined) active.current = model.workspace.queue.realId(active.current)
        else if (cell) active.current = model.idAt(cell[1])
        held.current = again(held.current, next, model)
      }),
    [model],
  )

  useLayoutEffect(() => {
    if (kept) setKept(false)
  }, [kept])

  const selectionNow = useCallback(() => now.current, [])
  const selected = useCallback(() => ranges(now.current, model.setting.fields.length, model.total), [model])
  const shown = clipped(selection, cols)
  return useMemo(
    () => ({ selection: shown, kept, selectionNow, select, selected }),
    [shown, kept, selectionNow, select, selected],
  )
}

function rowsOf(model: GridModel): Rows {
  const real = (id: RecordId) => model.workspace.queue.realId(id)
  return {
    total: model.total,
    rowOf: (id) => model.rowOf(real(id)) ?? model.rowOf(id),
    idAt: (row) => model.idAt(row),
    has: (id) => model.rows.cache.record(real(id)) !== undefined,
  }
}

/** Remembers the records anew. One that stands nowhere at the moment is not forgotten: its page may be on its way. */
function again(before: Held, selection: Selection, model: GridModel): Held {
  const now = hold(selection, model)
  const cell = selection.cell?.[1]
  const active = cell === undefined ? undefined : before.ids.get(cell)
  const rows = rowsOf(model)
  const lost = active !== undefined && rows.has(active) && rows.rowOf(active) === undefined
  return lost && cell !== undefined ? { ...now, ids: new Map([...now.ids, [cell, active]]) } : now
}

/** A column that is gone cannot stay selected. */
function clipped(selection: Selection, cols: number): Selection {
  return selection.cell && selection.cell[0] >= cols ? NOTHING : selection
}

/** Whether the active cell may stand in a row: at records, at the row that adds one, and at the head of a folded group. */
function stops(model: GridModel, row: number): boolean {
  const found = model.row(row)
  return found === undefined || found.kind !== 'group' || found.group.folded
}

/** A selection that would stand on the head of an open group goes on in the direction it came from. */
function onRecords(model: GridModel, next: Selection, before: Selection): Selection {
  const { cell, range } = next
  if (!model.layout || !cell || !range) return next
  if (range.rows > 1) return { ...next, range: overHeads(model, range, before.range) }
  if (stops(model, cell[1])) return next
  const by = before.cell && before.cell[1] > cell[1] ? -1 : 1
  const row = nextStop(model, cell[1], by) ?? nextStop(model, cell[1], by === 1 ? -1 : 1)
  return row === undefined ? NOTHING : { ...next, cell: [cell[0], row], range: { ...range, row } }
}

function nextStop(model: GridModel, from: number, by: 1 | -1): number | undefined {
  for (let row = from; row >= 0 && row < model.total; row += by) if (stops(model, row)) return row
  return undefined
}

/** A range that grows or shrinks by its edge passes over heads of groups and rows that add records. */
function overHeads(model: GridModel, range: Range, before: Range | undefined): Range {
  const [top, bottom] = [range.row, range.row + range.rows - 1]
  const [oldTop, oldBottom] = before ? [before.row, before.row + before.rows - 1] : [top, bottom]
  const first = model.isRecord(top) ? top : model.nearest(top, top < oldTop ? -1 : 1)
  const last = model.isRecord(bottom) ? bottom : model.nearest(bottom, bottom > oldBottom ? 1 : -1)
  if (first === undefined || last === undefined || last < first) return range
  return { ...range, row: first, rows: last - first + 1 }
}
