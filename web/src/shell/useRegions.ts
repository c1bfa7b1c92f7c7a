/** F6 and Shift+F6 go round the parts of the window, as Tab moves from cell to cell while the grid has the focus. */
import { useEffect } from 'react'

const REGIONS =
  ':scope > header, nav[aria-label="Views"], nav[aria-label="Settings"], [role=toolbar], [data-grid-surface], [data-view-body], [aria-label="Totals"], aside'
const TABBABLE = 'a[href], button:not(:disabled), input:not(:disabled), textarea, [tabindex="0"]'

export function useRegions(): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== 'F6' || event.ctrlKey || event.altKey || event.metaKey) return
      if (document.querySelector('[data-modal]')) return
      event.preventDefault()
      event.stopPropagation()
      step(event.shiftKey ? -1 : 1)
    }
    // Captured, so that the grid does not take the key first.
    window.addEventListener('keydown', pressed, { capture: true })
    return () => window.removeEventListener('keydown', pressed, { capture: true })
  }, [])
}

function step(by: 1 | -1): void {
  const frame = document.getElementById('main')?.parentElement
  const parts = [...(frame?.querySelectorAll<HTMLElement>(REGIONS) ?? [])].filter((part) => part.checkVisibility())
  const main = document.getElementById('main')
  // A page without parts of its own is one part.
  if (main && !parts.some((part) => main.contains(part))) parts.push(main)
  const at = parts.findLastIndex((part) => part.contains(document.activeElement))
  const next = parts.at((at + by + parts.length) % parts.length)
  const first = [...(next?.querySelectorAll<HTMLElement>(TABBABLE) ?? [])].find((one) => one.checkVisibility())
  const target = next === main ? main : (first ?? next)
  target?.focus()
}
