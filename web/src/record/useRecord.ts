/** One record, whether or not the grid has it on show: read once, then kept fresh by changes. */
import { useCallback, useEffect, useState } from 'react'
import type { RecordAnswer, RecordId } from '../api/types'
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
  const [held, setHeld] = useState<{ answer?: RecordAnswer | undefined; problem?: unknown }>({})
  const [changes, setChanges] = useState(0)
  const table = model.setting.table.id

  useEffect(() => {
    const changed = () => setChanges((old) => old + 1)
    const record = workspace.holdRecord(table, id, () => {
      setHeld({ answer: record.answer, problem: record.problem })
      changed()
    })
    const stopEdits = workspace.subscribe(changed)
    return () => {
      workspace.leaveRecord(record)
      stopEdits()
    }
  }, [workspace, table, id])

  const { answer, problem } = held
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
