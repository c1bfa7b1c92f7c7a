/** Opens the editor of a cell, at once and with the focus in it, and writes what it answers. */
import { type RefObject, useCallback, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Field, Op, RecordId } from '../../api/types'
import type { Cell } from '../../store/cells'
import { updateOp } from '../../store/ops'
import type { Rect } from '../../ui/anchor'
import { announce } from '../announce'
import type { Move } from '../editors/editor'
import { explainValue } from '../formula/asking'
import { canWrite, kindOf } from '../kinds'
import { isComputed } from '../kinds/computed'
import type { GridModel } from '../model'
import { atCell, type Selection } from '../selection'
import type { SurfaceRef } from '../surface/types'
import { offerUndo } from './offerUndo'
import type { SelectionControl } from './useSelection'

export interface Editing {
  readonly col: number
  readonly row: number
  readonly record: RecordId
  readonly field: Field
  readonly value: Cell
  readonly seed: string | undefined
  readonly at: Rect
  /** Whether the person asked for room: Shift+Space. */
  readonly large: boolean
  /** All records that get the value; absent for the one alone. */
  readonly all?: readonly RecordId[]
}

export interface EditingControl {
  readonly editing: Editing | undefined
  /** Whether an editor is open this instant. */
  readonly isEditing: () => boolean
  readonly open: (col: number, row: number, seed: string | undefined, large?: boolean) => void
  /** As `open`, for the field of all records at once. */
  readonly openAll: (col: number, row: number, all: readonly RecordId[]) => void
  readonly commit: (value: Cell, move: Move, before?: Op[]) => void
  readonly cancel: () => void
  /** Puts the open editor where its cell is after scrolling, and when rows came or went above. */
  readonly follow: () => void
}

const STEPS: Readonly<Record<Move, readonly [number, number]>> = {
  stay: [0, 0],
  down: [0, 1],
  up: [0, -1],
  right: [1, 0],
  left: [-1, 0],
}

export function useEditing(
  model: GridModel,
  surface: RefObject<SurfaceRef | null>,
  { select }: SelectionControl,
): EditingControl {
  const [editing, setEditing] = useState<Editing>()
  const now = useRef<Editing>(undefined)

  const open = useCallback(
    (col: number, row: number, seed: string | undefined, large = false, all?: readonly RecordId[]) => {
      const [field, record, value] = [model.field(col), model.idAt(row), model.value(col, row)]
      if (!field || record === undefined || value === undefined) return
      if (isComputed(field)) {
        explainValue(model.setting.table.id, field.id, model.workspace.queue.realId(record))
        return
      }
      if (!canWrite(field)) {
        announce(`${field.name} cannot be edited`)
        return
      }
      const at = surface.current?.bounds(col, row)
      if (!at) return
      const next: Editing = { col, row, record, field, value, seed, at, large, ...(all ? { all } : {}) }
      now.current = next
      flushSync(() => setEditing(next))
    },
    [model, surface],
  )

  const openAll = useCallback(
    (col: number, row: number, all: readonly RecordId[]) => open(col, row, undefined, false, all),
    [open],
  )

  const close = useCallback(
    (then?: Selection) => {
      now.current = undefined
      flushSync(() => {
        setEditing(undefined)
        if (then) select(then)
      })
      surface.current?.focus()
    },
    [select, surface],
  )

  const commit = useCallback(
    (value: Cell, move: Move, ops: Op[] = []) => {
      const edit = now.current
      if (!edit) return
      const { field, record, all } = edit
      const edits = (all ?? [record]).map((id) => [id, field.id, value] as const)
      const shown = kindOf(field).format(value, model.context(field)) || 'empty'
      let count = 0
      if (ops.length > 0) {
        model.workspace.send([...ops, updateOp(model.setting.table.id, edits)], `Edit ${field.name}`)
        count = edits.length
      } else count = model.write(edits, `Edit ${field.name}`)
      if (count > 0) announce(`${field.name}: ${shown}`)
      if (all) {
        if (count > 0) offerUndo(model, `${field.name} of ${count.toLocaleString('en-US')} records: ${shown}`)
        close()
        return
      }
      const [right, down] = STEPS[move]
      const row = (model.rowOf(record) ?? edit.row) + down
      const col = edit.col + right
      const last = [model.setting.fields.length - 1, Math.max(0, model.total - 1)] as const
      close(atCell(Math.min(Math.max(0, col), last[0]), Math.min(Math.max(0, row), last[1])))
    },
    [model, close],
  )

  const follow = useCallback(() => {
    const edit = now.current
    const row = edit && (model.rowOf(edit.record) ?? edit.row)
    const at = edit && row !== undefined && surface.current?.bounds(edit.col, row)
    if (!edit || !at || (at.x === edit.at.x && at.y === edit.at.y)) return
    now.current = { ...edit, row, at }
    setEditing(now.current)
  }, [model, surface])

  const cancel = useCallback(() => close(), [close])
  const isEditing = useCallback(() => now.current !== undefined, [])
  return useMemo(
    () => ({ editing, isEditing, open, openAll, commit, cancel, follow }),
    [editing, isEditing, open, openAll, commit, cancel, follow],
  )
}
