/** Whether what was typed is safe on the server; the grid's store sets it, the frame shows it. */
import { create } from 'zustand'

export interface SaveState {
  kind: 'saved' | 'saving' | 'offline' | 'conflict' | 'error'
  /** Edits not yet acknowledged by the server. */
  pending: number
  detail?: string
  /** Opens what needs a decision, for example the conflict dialog. */
  open?: () => void
}

export const useSaveState = create<SaveState>(() => ({ kind: 'saved', pending: 0 }))

export function setSaveState(state: SaveState): void {
  useSaveState.setState(state, true)
}
