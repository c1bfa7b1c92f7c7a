/** A short list of a table's records outside the grid, kept fresh by changes, with unsaved edits laid over it. */
import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client'
import type { CellValue, FieldId, QueryAnswer, QueryRequest, RecordId, Table } from '../api/types'
import type { Cell } from './cells'
import { useTableChanges } from './useLive'
import { useWorkspaceState } from './useWorkspace'
import type { Workspace } from './workspace'

export interface ListedRecord {
  readonly id: RecordId
  readonly cell: (field: FieldId) => Cell
}

export interface RecordList {
  readonly records: readonly ListedRecord[]
  readonly total: number
  readonly loading: boolean
  readonly error: unknown
}

export function useList(workspace: Workspace, table: Table, request: QueryRequest): RecordList {
  useWorkspaceState(workspace)
  const { data, error, refetch } = useQuery({
    queryKey: ['list', table.id, request],
    queryFn: async ({ signal }) => {
      const answer = await api.post<QueryAnswer>(`/api/tables/${table.id}/query`, request, { signal })
      workspace.learn(answer.names)
      return answer
    },
    staleTime: 0,
    placeholderData: (old) => old,
  })
  useTableChanges(workspace, table.id, () => void refetch())
  const place = new Map(data?.fields.map((field, column) => [field, column]))
  const records = (data?.ids ?? []).map((id, row) => ({
    id,
    cell: (field: FieldId): Cell => {
      const edit = workspace.pending.get(id, field)
      const column = place.get(field)
      return edit ? edit.value : ((column === undefined ? null : (data?.columns[column]?.[row] ?? null)) as CellValue)
    },
  }))
  return { records, total: data?.total ?? 0, loading: data === undefined && error === null, error }
}
