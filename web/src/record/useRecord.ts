/** One record, whether or not the grid has it on show: read once, then kept fresh by changes. */
import { useCallback, useEffect, useState } from 'react'
import { api } from '../api/client'
import type { Cells, RecordAnswer, RecordId } from '../api/types'
import type { GridModel } from '../grid/model'
import type { Cell } from '../store/cells'

export interface OpenRecord {
  readonly answer: RecordAnswer | undefined
  readonly problem: unknown
  readonly value: (field: string) => Cell
  /** Grows with every change of the record. */
  readonly changes: number
}

export function useRecord(model: GridModel, id: RecordId): OpenRecord {
  const { workspace, rows } = model
  const [answer, setAnswer] = useState<RecordAnswer>()
  const [problem, setProblem] = useState<unknown>()
  const [changes, setChanges] = useState(0)
  const table = model.setting.table.id

  useEffect(() => {
    const flight = new AbortController()
    const real = workspace.queue.realId(id)
    const read = async () => {
      try {
        const found = await api.get<RecordAnswer>(`/api/tables/${table}/records/${real}`, { signal: flight.signal })
        workspace.learn(found.names)
        setAnswer(found)
      } catch (error) {
        if (!flight.signal.aborted) setProblem(error)
      }
    }
    void read()
    const stopChanges = workspace.onChange((change) => {
      const part = change.tables[table]
      const record = part?.records?.find((one) => one.id === real)
      if (record) setAnswer((old) => old && { ...old, cells: { ...old.cells, ...(record.cells as Cells) } })
      if (part?.deleted?.includes(real)) setAnswer((old) => old && { ...old, deleted_at: change.at })
      if (part?.restored?.includes(real)) setAnswer((old) => old && { ...old, deleted_at: null })
      if (record || part?.reload) setChanges((old) => old + 1)
      if (part?.reload) void read()
    })
    const stopEdits = workspace.subscribe(() => setChanges((old) => old + 1))
    return () => {
      flight.abort()
      stopChanges()
      stopEdits()
    }
  }, [workspace, table, id])

  // biome-ignore lint/correctness/useExhaustiveDependencies: `changes` tells that values behind the function are new
  const value = useCallback(
    (field: string): Cell => {
      const edit = workspace.pending.get(id, field)
      if (edit) return edit.value
      return answer?.cells[field] ?? rows.cellOf(id, field) ?? null
    },
    [workspace, rows, answer, id, changes],
  )
  return { answer, problem, value, changes }
}
