/** Reads again when the live channel says that something happened, gathered so that a burst is read once. */
import { useEffect, useRef } from 'react'
import { useSession, useTables } from '../api/queries'
import type { TableId } from '../api/types'
import { onHappening } from './happenings'
import { workspaceFor } from './useWorkspace'
import type { Workspace } from './workspace'

const GATHER_MS = 200

/** The person's workspace, with the live channel open; undefined until tables and session are here. */
export function useLiveWorkspace(): Workspace | undefined {
  const { data: session } = useSession()
  const { data: tables } = useTables()
  const user = session?.user?.id
  return user !== undefined && tables ? workspaceFor(user, tables.version) : undefined
}

export function useHappenings(read: () => void): void {
  const latest = useRef(read)
  latest.current = read
  useEffect(() => gathered(onHappening, () => latest.current()), [])
}

/** As `useHappenings`, for changes of one table's records, own ones too. */
export function useTableChanges(workspace: Workspace | undefined, table: TableId | undefined, read: () => void): void {
  const latest = useRef(read)
  latest.current = read
  useEffect(() => {
    if (!workspace || table === undefined) return
    return gathered(
      (nudge) => workspace.onChange((change) => (table in change.tables || change.schema) && nudge()),
      () => latest.current(),
    )
  }, [workspace, table])
}

function gathered(listen: (nudge: () => void) => () => void, read: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = listen(() => {
    clearTimeout(timer)
    timer = setTimeout(read, GATHER_MS)
  })
  return () => {
    clearTimeout(timer)
    stop()
  }
}
