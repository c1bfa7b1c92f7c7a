/** Rows of an earlier state, read page by page as they come into sight; nothing of them can change. */
import { useEffect, useMemo, useState } from 'react'
import { api } from '../api/client'
import type { Field, QueryAnswer, RecordId, Table, User } from '../api/types'
import { LOADING, paintOf } from '../grid/cellPaint'
import { type KindContext, kindOf } from '../grid/kinds'
import type { CellPaint } from '../grid/surface/types'
import { PendingEdits } from '../store/pending'
import type { RowQuery } from '../store/rowQuery'
import { TableRows } from '../store/tableRows'

export interface PastRows {
  readonly rows: TableRows
  /** Grows with everything that was read. */
  readonly revision: number
  readonly context: (field: Field) => KindContext
  readonly paint: (col: number, row: number) => CellPaint
  readonly text: (col: number, row: number) => string
}

export function usePastRows(
  table: Table,
  version: number,
  fields: readonly Field[],
  query: RowQuery,
  people: readonly User[],
  zone: string,
): PastRows {
  const [revision, setRevision] = useState(0)
  // Names of then are kept apart from those of the grid: they may differ.
  const names = useMemo(() => ({ version, of: new Map<RecordId, string>() }).of, [version])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another query is set below, in the rows that are there
  const rows = useMemo(
    () =>
      new TableRows(table.id, query, new PendingEdits(), {
        query: (of, request, signal) =>
          api.post<QueryAnswer>(`/api/tables/${of}/query`, { ...request, as_of: { version } }, { signal }),
        since: () => [],
        learned: (answer) => {
          for (const [id, name] of Object.entries(answer.names)) names.set(id, name)
        },
        failed: () => undefined,
      }),
    [table.id, version, names],
  )
  useEffect(() => rows.subscribe(() => setRevision((old) => old + 1)), [rows])
  useEffect(() => rows.setQuery(query), [rows, query])
  useEffect(() => () => rows.close(), [rows])
  return useMemo(() => {
    const contexts = new Map<string, KindContext>()
    const context = (field: Field): KindContext => {
      const known = contexts.get(field.id)
      if (known) return known
      const made = { field, zone, users: people, now: () => new Date(), nameOf: (id: RecordId) => names.get(id) }
      contexts.set(field.id, made)
      return made
    }
    const paint = (col: number, row: number): CellPaint => {
      const field = fields[col]
      const value = field && rows.cell(row, field.id)
      return field === undefined || value === undefined ? LOADING : paintOf(value, context(field))
    }
    const text = (col: number, row: number): string => {
      const field = fields[col]
      const value = field && rows.cell(row, field.id)
      return field === undefined || value === undefined ? '' : kindOf(field).format(value, context(field))
    }
    return { rows, revision, context, paint, text }
  }, [rows, revision, fields, people, zone, names])
}
