import { useEffect } from 'react'

/** Puts the focus into the find box of the grid page, its text chosen, so that typing replaces it. */
export function openFind(): void {
  const box = document.querySelector<HTMLInputElement>('[data-grid-search]')
  box?.focus()
  box?.select()
}

/** Whether a key press is Ctrl+F (⌘F on a Mac). */
export function isFind(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'f'
}

/** Ctrl+F wherever the focus is on the page. An open editor sees to it itself; a dialog keeps the focus. */
export function useFindKey(): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!isFind(event) || document.querySelector('[data-cell-editor], [data-modal]')) return
      event.preventDefault()
      event.stopPropagation()
      openFind()
    }
    window.addEventListener('keydown', pressed, true)
    return () => window.removeEventListener('keydown', pressed, true)
  }, [])
}
