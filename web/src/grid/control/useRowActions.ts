/** What is done to whole selections: clear, fill, add, delete and open records. */
import { type RefObject, useCallback, useMemo } from 'react'
import { flushSync } from 'react-dom'
import type { Cells } from '../../api/types'
import { toast } from '../../shell/toasts'
import type { Cell } from '../../store/cells'
import { announce } from '../announce'
import { convertedValue } from '../clipboard/paste'
import { type Fill, fillDown, fillHandle } from '../fill'
import { canWrite } from '../kinds'
import { zoneOf } from '../kinds/dates'
import type { CellEdit, GridModel } from '../model'
import { atCell, NOTHING, type Range, rowsOf } from '../selection'
import { seriesOf } from '../series'
import type { SurfaceRef } from '../surface/types'
import { offerUndo } from './offerUndo'
import type { SelectionControl } from './useSelection'

export interface RowActions {
  readonly expand: (row: number) => void
  readonly append: () => void
  readonly insertBelow: (row: number, cells?: Cells[]) => void
  /** Copies of the chosen records, below the last of them. */
  readonly duplicate: () => void
  readonly fill: (source: Range, target: Range) => void
  readonly fillSelectionDown: () => void
  readonly clear: () => void
  readonly deleteRows: () => void
  /** Folds or opens the group that a row belongs to. */
  readonly fold: (row: number, folded: boolean) => void
}

const ROWS_AT_ONCE = 10_000

export function useRowActions(
  model: GridModel,
  surface: RefObject<SurfaceRef | null>,
  { select, selected, selectionNow }: SelectionControl,
  openRecord: (id: string | undefined) => void,
  onFold: (path: string, folded: boolean) => void,
): RowActions {
  /** Runs something on selected rows once they are all here. */
  const withRows = useCallback(
    async (run: (chosen: readonly Range[]) => void | Promise<void>, chosen: readonly Range[] = selected()) => {
      if (chosen.reduce((sum, range) => sum + range.rows, 0) > ROWS_AT_ONCE) {
        toast({ text: `Choose at most ${ROWS_AT_ONCE.toLocaleString('en-US')} records at once`, tone: 'danger' })
        return
      }
      await model.ensureAll(chosen)
      await run(chosen)
    },
    [model, selected],
  )

  const clear = useCallback(() => {
    void withRows((chosen) => {
      const count = model.clear(chosen)
      if (count > 1) offerUndo(model, `${count.toLocaleString('en-US')} cells cleared`)
      if (count > 0) announce(`${count} cells cleared`)
    })
  }, [model, withRows])

  const deleteRows = useCallback(() => {
    void withRows((chosen) => {
      const ids = model.idsOf(chosen)
      if (ids.length === 0) return
      const { table } = model.setting
      const text = ids.length === 1 ? `${table.name_one} deleted` : `${ids.length} ${table.name.toLowerCase()} deleted`
      const done = model.workspace.delete(table.id, ids, text)
      toast({ text, action: { label: 'Undo', run: () => model.workspace.undoOne(done) } })
      const { cell } = selectionNow()
      select(cell && model.total > 0 ? atCell(cell[0], Math.min(cell[1], model.total - 1)) : NOTHING)
      announce(text)
      surface.current?.focus()
    })
  }, [model, select, selectionNow, surface, withRows])

  const goTo = useCallback(
    (col: number, row: number) => {
      if (row < 0) return
      flushSync(() => select(atCell(col, row)))
      surface.current?.scrollTo(0, row)
      surface.current?.focus()
    },
    [select, surface],
  )
  const insertBelow = useCallback(
    (row: number, cells: Cells[] = [{}]) => goTo(selectionNow().cell?.[0] ?? 0, model.insert(cells, row)),
    [model, goTo, selectionNow],
  )
  const duplicate = useCallback(() => {
    void withRows((chosen) => {
      const last = rowsOf(chosen).findLast((row) => model.isRecord(row))
      if (last === undefined) return
      const fields = model.setting.table.fields.filter(canWrite)
      const copy = (id: string) =>
        Object.fromEntries(fields.map(({ id: field }) => [field, model.rows.cellOf(id, field) ?? null]))
      insertBelow(last, model.idsOf(chosen).map(copy))
    })
  }, [model, insertBelow, withRows])
  const append = useCallback(() => {
    const row = selectionNow().cell?.[1]
    const group = row === undefined ? undefined : model.row(row)?.group
    goTo(0, model.insert([{}], group && model.layout ? model.layout.endOf(group).row : undefined))
  }, [model, goTo, selectionNow])
  const fold = useCallback(
    (row: number, folded: boolean) => {
      const group = model.row(row)?.group
      if (!group) return
      onFold(group.path, folded)
      // The head of the group takes the place of what is folded away.
      let head = row
      while (head > 0 && model.row(head)?.kind !== 'group') head -= 1
      const cell = selectionNow().cell
      if (folded && cell) setTimeout(() => select(atCell(cell[0], head)))
    },
    [model, onFold, select, selectionNow],
  )

  const expand = useCallback(
    (row: number) => {
      const id = model.idAt(row)
      if (id !== undefined) openRecord(id)
    },
    [model, openRecord],
  )

  const put = useCallback(
    (fills: readonly Fill[], label: string) => {
      const edits = fills.flatMap(({ col, row, value, from }): CellEdit[] => {
        const [field, source, id] = [model.field(col), model.field(from), model.idAt(row)]
        if (!field || !source || id === undefined) return []
        const fitting = field === source ? value : convertedValue(model, source, field, value)
        return fitting === undefined ? [] : [[id, field.id, fitting]]
      })
      const count = model.write(edits, label)
      if (count > 0) announce(`${count} cells filled`)
      if (count > 1) offerUndo(model, `${count.toLocaleString('en-US')} cells filled`)
    },
    [model],
  )
  const read = useCallback((col: number, row: number) => model.value(col, row) ?? null, [model])
  const fill = useCallback(
    (source: Range, goal: Range) => {
      const find = (col: number, values: readonly Cell[]) => {
        const field = model.field(col)
        return field && canWrite(field) ? seriesOf(values, field.kind, zoneOf(model.context(field))) : undefined
      }
      void withRows(
        () =>
          put(
            fillHandle(source, goal, (range) => model.recordRows(range), read, find),
            'Fill',
          ),
        [goal],
      )
    },
    [model, put, read, withRows],
  )
  const fillSelectionDown = useCallback(
    () =>
      void withRows(async (chosen) => {
        const fills: Fill[] = []
        for (const range of chosen) {
          const rows = model.recordRows(range)
          const above = rows.length === 1 ? model.nearest((rows[0] ?? 0) - 1, -1) : undefined
          if (above !== undefined) await model.ensure(above, above)
          fills.push(...fillDown(range, rows, above, read))
        }
        put(fills, 'Fill down')
      }),
    [model, put, read, withRows],
  )

  return useMemo(
    () => ({ expand, append, insertBelow, duplicate, fill, fillSelectionDown, clear, deleteRows, fold }),
    [expand, append, insertBelow, duplicate, fill, fillSelectionDown, clear, deleteRows, fold],
  )
}
