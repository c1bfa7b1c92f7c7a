/** Ctrl+Z and Ctrl+Y wherever the focus is on the page of a table, not only in its grid. */
import { useEffect } from 'react'
import { announce } from '../grid/announce'
import type { Workspace } from '../store/workspace'

/** Texts have an undo of their own, and the grid sees to its keys itself. */
const OWN = 'input, textarea, [contenteditable="true"], [data-cell-editor], [data-modal], [data-grid-surface]'

export function useUndoKeys(workspace: Workspace): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase()
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented || !['z', 'y'].includes(key))
        return
      if (event.target instanceof Element && event.target.closest(OWN)) return
      event.preventDefault()
      const back = key === 'z' && !event.shiftKey
      const label = back ? workspace.undo() : workspace.redo()
      announce(label ? `${back ? 'Undone' : 'Redone'}: ${label}` : `Nothing to ${back ? 'undo' : 'redo'}`)
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [workspace])
}
