/** What is done to whole selections: clear, fill, add, delete and open records. */
import { type RefObject, useCallback, useMemo } from 'react'
import { flushSync } from 'react-dom'
import type { Cells, Field } from '../../api/types'
import { toast } from '../../shell/toasts'
import { announce } from '../announce'
import { type Fill, fillDown, fillHandle, stepBy } from '../fill'
import { canWrite } from '../kinds'
import type { CellEdit, GridModel } from '../model'
import { atCell, NOTHING, type Range } from '../selection'
import type { SurfaceRef } from '../surface/types'
import type { SelectionControl } from './useSelection'

export interface RowActions {
  readonly expand: (row: number) => void
  readonly append: () => void
  readonly insertBelow: (row: number, cells?: Cells[]) => void
  readonly duplicate: (row: number) => void
  readonly fill: (source: Range, target: Range) => void
  readonly fillSelectionDown: () => void
  readonly clear: () => void
  readonly deleteRows: () => void
  /** Folds or opens the group that a row belongs to. */
  readonly fold: (row: number, folded: boolean) => void
}

const ROWS_AT_ONCE = 10_000
const SERIES = ['number', 'currency', 'percent', 'date', 'duration']

export function useRowActions(
  model: GridModel,
  surface: RefObject<SurfaceRef | null>,
  { select, selected, selectionNow }: SelectionControl,
  openRecord: (id: string | undefined) => void,
  onFold: (path: string, folded: boolean) => void,
): RowActions {
  /** Runs something on selected rows once they are all here. */
  const withRows = useCallback(
    async (run: (chosen: Range[]) => void) => {
      const chosen = selected()
      if (chosen.reduce((sum, range) => sum + range.rows, 0) > ROWS_AT_ONCE) {
        toast({ text: `Choose at most ${ROWS_AT_ONCE.toLocaleString('en-US')} records at once`, tone: 'danger' })
        return
      }
      for (const range of chosen) await model.ensure(range.row, range.row + range.rows - 1)
      run(chosen)
    },
    [model, selected],
  )

  const clear = useCallback(() => {
    void withRows((chosen) => {
      const count = model.clear(chosen)
      if (count > 1) {
        const undo = { label: 'Undo', run: () => void model.workspace.undo() }
        toast({ text: `${count.toLocaleString('en-US')} cells cleared`, action: undo })
      }
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
  const duplicate = useCallback(
    (row: number) => {
      const id = model.idAt(row)
      if (id === undefined) return
      const fields = model.setting.table.fields.filter(canWrite)
      const copy = Object.fromEntries(fields.map((field) => [field.id, model.rows.cellOf(id, field.id) ?? null]))
      insertBelow(row, [copy])
    },
    [model, insertBelow],
  )
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
      const edits = fills.flatMap(({ col, row, value }): CellEdit[] => {
        const [field, id] = [model.field(col), model.idAt(row)]
        return field && id !== undefined ? [[id, field.id, value]] : []
      })
      const count = model.write(edits, label)
      if (count > 0) announce(`${count} cells filled`)
    },
    [model],
  )
  const read = useCallback((col: number, row: number) => model.value(col, row) ?? null, [model])
  const fill = useCallback(
    (source: Range, goal: Range) => {
      put(
        fillHandle(source, goal, read, (col, from, step) =>
          isSeries(model.field(col)) ? stepBy(from, step) : undefined,
        ),
        'Fill',
      )
    },
    [model, put, read],
  )
  const fillSelectionDown = useCallback(
    () =>
      put(
        selected().flatMap((range) => fillDown(range, read)),
        'Fill down',
      ),
    [put, read, selected],
  )

  return useMemo(
    () => ({ expand, append, insertBelow, duplicate, fill, fillSelectionDown, clear, deleteRows, fold }),
    [expand, append, insertBelow, duplicate, fill, fillSelectionDown, clear, deleteRows, fold],
  )
}

function isSeries(field: Field | undefined): boolean {
  return field !== undefined && SERIES.includes(field.kind)
}
