/** Puts records at another place: dragged by the gutter's handle, or step by step by keys and the menu. */
import { type RefObject, useCallback, useMemo, useRef } from 'react'
import { toast } from '../../shell/toasts'
import { announce } from '../announce'
import type { GridModel } from '../model'
import { keptOutBy, landingAt, placing, stepGap, whyFixed } from '../place'
import { atCell, rowsOf } from '../selection'
import type { RowDragging, SurfaceRef } from '../surface/types'
import type { SelectionControl } from './useSelection'

export interface MovingControl {
  readonly dragging: RowDragging
  /** Carries the chosen records one place up or down. */
  readonly step: (by: 1 | -1) => void
}

/** More than these are not carried about at once. */
const MOST = 2000

export function useMoving(
  model: GridModel,
  surface: RefObject<SurfaceRef | null>,
  { select, selected, selectionNow }: SelectionControl,
): MovingControl {
  const underway = useRef(0)
  /** The rows that go along with one: all that are ticked, if it is one of them. */
  const company = useCallback(
    (row: number): number[] => {
      const { rows } = selectionNow()
      if (!rows.some(([from, to]) => row >= from && row < to)) return [row]
      return rows.flatMap(([from, to]) => Array.from({ length: Math.min(to - from, MOST) }, (_, at) => from + at))
    },
    [selectionNow],
  )

  const put = useCallback(
    async (rows: readonly number[], gap: number) => {
      const refused = refusal(model, rows, gap)
      if (refused !== undefined) {
        toast({ text: 'The records stay where they are', detail: `${refused}.`, tone: 'danger' })
        return
      }
      const ids = rows.flatMap((row) => model.idAt(row) ?? [])
      const landing = landingAt(model, gap, new Set(ids))
      if (ids.length === 0 || !landing || inPlace(model, rows, gap, landing.group?.path)) return
      const label = `Move ${counted(model, ids.length)}`
      const ops = placing(model, ids, landing)
      const kept = selectionNow()
      model.carry(ids, landing.before, landing.group)
      const sent = model.workspace.sendAndWait(ops, label)
      // The cell stays on its record by itself; ticked rows are counted anew.
      if (kept.rows.length > 0) select(kept.cell ? atCell(...kept.cell) : { ...kept, rows: [] })
      announce(`${label}: done`)
      // While more steps are on their way, what is on show is ahead of the server.
      underway.current += 1
      const answer = await sent
      underway.current -= 1
      if (!answer || underway.current > 0) return
      model.rows.leaveRow()
      model.rows.refresh()
      surface.current?.focus()
    },
    [model, select, selectionNow, surface],
  )

  const step = useCallback(
    (by: 1 | -1) => {
      const rows = rowsOf(selected()).filter((row) => model.isRecord(row))
      const [first, last] = [rows[0], rows.at(-1)]
      if (first === undefined || last === undefined) return
      const fixed = whyFixed(model)
      const gap = stepGap(model, first, last, by)
      if (fixed === undefined && gap === undefined) announce(by === -1 ? 'Already the first' : 'Already the last')
      else void put(rows, gap ?? first)
    },
    [model, selected, put],
  )

  const dragging = useMemo(
    (): RowDragging => ({
      say: (row, gap) => {
        const rows = company(row)
        const refused = refusal(model, rows, gap)
        const text = rows.length === 1 ? model.text(0, row) || counted(model, 1) : counted(model, rows.length)
        return { text: refused ?? text, allowed: refused === undefined }
      },
      drop: (row, gap) => void put(company(row), gap),
    }),
    [model, company, put],
  )
  return useMemo(() => ({ dragging, step }), [dragging, step])
}

function counted(model: GridModel, count: number): string {
  const { table } = model.setting
  return count === 1 ? table.name_one.toLowerCase() : `${count.toLocaleString('en-US')} ${table.name.toLowerCase()}`
}

/** Why rows cannot land over a row, as a sentence without its full stop. */
function refusal(model: GridModel, rows: readonly number[], gap: number): string | undefined {
  const fixed = whyFixed(model)
  if (fixed !== undefined) return fixed
  if (rows.length >= MOST) return `At most ${MOST.toLocaleString('en-US')} records at once`
  const ids = rows.flatMap((row) => model.idAt(row) ?? [])
  const landing = landingAt(model, gap, new Set(ids))
  const held = keptOutBy(model, ids, landing?.group)
  return held && `${held.name} is computed: it decides the group`
}

/** Whether a block of rows would land where it stands. */
function inPlace(model: GridModel, rows: readonly number[], gap: number, path: string | undefined): boolean {
  const [first = 0, last = 0] = [rows[0], rows.at(-1)]
  if (last - first + 1 !== rows.length || gap < first || gap > last + 1) return false
  return path === undefined || model.row(first)?.group.path === path
}
