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

const MENUS: Readonly<Record<string, string>> = { f: 'filterMenu', s: 'sortMenu', d: 'groupMenu' }

let fromGrid = false

/** Opens a form of the toolbar; false when this kind of view has none. */
export function openToolbarMenu(menu: string): boolean {
  const button = document.querySelector<HTMLElement>(`[data-grid-menu="${menu}"]`)
  fromGrid = document.activeElement?.closest('[data-grid-surface]') != null
  button?.click()
  return button !== null
}

/** Where the keys go on when a form of the toolbar closes: to the grid, when they opened it from there. */
export function afterToolbarMenu(): HTMLElement | null {
  const back = fromGrid ? document.querySelector<HTMLElement>('[data-grid-surface] canvas') : null
  fromGrid = false
  return back
}

/** Ctrl+F and the keys of the toolbar wherever the focus is on the page. An open editor sees to Ctrl+F itself. */
export function useFindKey(): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const menu = (event.ctrlKey || event.metaKey) && event.shiftKey && !event.altKey && MENUS[event.key.toLowerCase()]
      if ((!menu && !isFind(event)) || document.querySelector('[data-cell-editor], [data-modal]')) return
      event.preventDefault()
      event.stopPropagation()
      if (menu) openToolbarMenu(menu)
      else openFind()
    }
    window.addEventListener('keydown', pressed, true)
    return () => window.removeEventListener('keydown', pressed, true)
  }, [])
}
