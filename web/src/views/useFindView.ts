/** Ctrl+Shift+K puts the focus into the box that finds a view; a hidden list comes back first. */
import { useEffect } from 'react'
import { showList } from './memory'

export function findView(): void {
  const box = () => document.querySelector<HTMLInputElement>('[data-find-view]')
  if (box()) box()?.select()
  else {
    showList(true)
    setTimeout(() => box()?.select(), 30)
  }
}

export function useFindView(): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || !event.shiftKey || event.key.toLowerCase() !== 'k') return
      if (document.querySelector('[data-modal]')) return
      event.preventDefault()
      event.stopPropagation()
      findView()
    }
    window.addEventListener('keydown', pressed, true)
    return () => window.removeEventListener('keydown', pressed, true)
  }, [])
}
