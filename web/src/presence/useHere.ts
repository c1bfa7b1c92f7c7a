/** Tells where this window's person is: the view on show, and the cell that is active in it. */
import { useEffect } from 'react'
import type { FieldId, RecordId, TableId, View } from '../api/types'
import { isTemporary } from '../store/ops'
import type { Workspace } from '../store/workspace'

export function useHereView(workspace: Workspace, table: TableId, view: View): void {
  const shared = view.owner === null ? view.id : undefined
  useEffect(() => {
    workspace.here.look({ table, view: shared })
  }, [workspace, table, shared])
  useEffect(() => () => workspace.here.look({}), [workspace])
}

export function useHereCell(workspace: Workspace, record: RecordId | undefined, field: FieldId | undefined): void {
  const real = record === undefined ? undefined : workspace.queue.realId(record)
  useEffect(() => standIn(workspace, real, field), [workspace, real, field])
}

/** A record that the server has not made yet is nowhere for the others. */
export function standIn(workspace: Workspace, record: RecordId | undefined, field: FieldId | undefined): void {
  const there = record !== undefined && field !== undefined && !isTemporary(record)
  workspace.here.stand(there ? { record, field } : {})
}
