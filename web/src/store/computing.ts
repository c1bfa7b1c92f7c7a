/** How far the server is with computing many cells anew, as the live channel tells; nothing to do is 0 of 0. */
import { create } from 'zustand'

export interface Computing {
  done: number
  total: number
}

export const useComputing = create<Computing>(() => ({ done: 0, total: 0 }))

export function setComputing({ done, total }: Computing): void {
  useComputing.setState({ done, total }, true)
}
