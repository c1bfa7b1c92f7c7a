/** Files let go on a cell of attachments, or pasted into it. */
import { type ClipboardEvent, useCallback } from 'react'
import { attach } from '../files/attaching'
import { canWrite } from './kinds'
import type { GridModel } from './model'

export interface FileDrops {
  readonly takes: (col: number, row: number) => boolean
  readonly drop: (col: number, row: number, files: readonly File[]) => void
  /** True when the paste was files for that cell. */
  readonly paste: (event: ClipboardEvent, cell: readonly [col: number, row: number] | undefined) => boolean
}

export function useFiles(model: GridModel): FileDrops {
  const takes = useCallback(
    (col: number, row: number) => {
      const field = model.field(col)
      return field?.kind === 'attachment' && canWrite(field) && model.idAt(row) !== undefined
    },
    [model],
  )
  const drop = useCallback(
    (col: number, row: number, files: readonly File[]) => {
      const [field, record] = [model.field(col), model.idAt(row)]
      if (!field || record === undefined || files.length === 0) return
      const current = () => {
        const now = model.rowOf(record)
        return (now === undefined ? undefined : model.value(col, now)) ?? null
      }
      void attach({ workspace: model.workspace, field, record, current }, files)
    },
    [model],
  )
  const paste = useCallback(
    (event: ClipboardEvent, cell: readonly [number, number] | undefined) => {
      const files = [...event.clipboardData.files]
      if (files.length === 0 || !cell || !takes(...cell)) return false
      event.preventDefault()
      drop(...cell, files)
      return true
    },
    [takes, drop],
  )
  return { takes, drop, paste }
}
