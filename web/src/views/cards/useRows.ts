/** Rows of a query for views made of elements: drawn again when they change, and let go after own edits. */
import { useEffect, useMemo, useReducer } from 'react'
import type { Cells, Op, RecordId } from '../../api/types'
import type { GridModel } from '../../grid/model'
import { rowColorOf } from '../../grid/rowColor'
import type { RowQuery } from '../../store/rowQuery'
import type { TableRows } from '../../store/tableRows'
import type { CardsBodyProps } from './body'

/** Draws again, at most once a frame, when rows change. */
export function useDrawn(rows: TableRows): void {
  const [, draw] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    let frame = 0
    const stop = rows.subscribe(() => {
      frame ||= requestAnimationFrame(() => {
        frame = 0
        draw()
      })
    })
    draw()
    return () => {
      cancelAnimationFrame(frame)
      stop()
    }
  }, [rows])
}

/** Rows of an own query beside those of the page; `admits` tells which new records belong to it. */
export function useOwnRows(model: GridModel, query: RowQuery, admits: (cells: Cells) => boolean): TableRows {
  const { workspace } = model
  // biome-ignore lint/correctness/useExhaustiveDependencies: another query is given to the same rows below
  const rows = useMemo(() => workspace.openRows(model.setting.table.id, query), [workspace, model])
  rows.admits = admits
  useEffect(() => workspace.attach(rows), [workspace, rows])
  useEffect(() => rows.setQuery(query), [rows, query])
  useReleased(model, rows)
  useDrawn(rows)
  return rows
}

/** Cards go where they belong as soon as an edit is saved: nobody's cursor stands in them. */
export function useReleased(model: GridModel, rows: TableRows): void {
  useEffect(
    () =>
      model.workspace.subscribe(() => {
        if (model.workspace.queue.idle && rows.holding) rows.leaveRow()
      }),
    [model, rows],
  )
}

export type ColorOf = ((id: RecordId) => string | undefined) | undefined

/** The colours of records as the rows of a stack or calendar hold them, which the page's own rows need not. */
export function useColors({ model, config, setting }: CardsBodyProps, rows: TableRows): ColorOf {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new setting brings other fields and options
  return useMemo(
    () => rowColorOf(model, config.color, (id, field) => rows.cellOf(id, field)),
    [model, config.color, rows, setting],
  )
}

/** Sends a change of cards and reads them again when it is through, or was refused. */
export async function sendCards(model: GridModel, ops: Op[], label: string, rows: readonly TableRows[]): Promise<void> {
  await model.workspace.sendAndWait(ops, label)
  for (const one of rows) {
    one.leaveRow()
    one.refresh()
  }
}

/** Makes a record and opens it; answers its id. */
export async function makeCard(model: GridModel, cells: Cells, open: (id: RecordId) => void): Promise<void> {
  const { table } = model.setting
  const start = { ...model.startCells(), ...cells }
  const ops: Op[] = [{ op: 'create', table: table.id, records: [{ cells: start }] }]
  const answer = await model.workspace.sendAndWait(ops, `Add ${table.name_one.toLowerCase()}`)
  const id = answer?.created[0]?.[0]
  if (id) open(id)
}
