/** Says edits aloud to screen readers; the canvas itself is silent. */
import { create } from 'zustand'

export const useAnnouncement = create<{ text: string }>(() => ({ text: '' }))

export function announce(text: string): void {
  useAnnouncement.setState({ text })
}
