/** The workspace of the signed-in person: one per window, started with the first grid. */
import { useEffect, useSyncExternalStore } from 'react'
import { Workspace } from './workspace'

let current: { user: string; workspace: Workspace } | undefined

export function workspaceFor(user: string, version: number): Workspace {
  if (current?.user === user) return current.workspace
  current?.workspace.stop()
  const workspace = new Workspace(user)
  current = { user, workspace }
  workspace.start(version)
  return workspace
}

/** While a person is signed in, their workspace listens; signed out it rests with what they have not sent yet. */
export function useListening(user: string): void {
  useEffect(() => {
    const own = () => (current?.user === user ? current.workspace : undefined)
    own()?.listen()
    return () => own()?.stop()
  }, [user])
}

/** Draws again when the line of edits, undo or a conflict changes. */
export function useWorkspaceState(workspace: Workspace): Workspace {
  useSyncExternalStore(
    (listener) => workspace.subscribe(listener),
    () => workspace.revision,
  )
  return workspace
}
