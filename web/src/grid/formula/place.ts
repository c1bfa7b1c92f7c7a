/** Where on the screen a character of the coloured text stands, for the list of completions. */
export interface Place {
  readonly left: number
  /** Below the line, or undefined when there is more room above it. */
  readonly top?: number
  readonly bottom?: number
  readonly room: number
}

const WANTED = 300
const WIDTH = 420

export function placeOf(text: HTMLElement, at: number): Place {
  const rect = rectOf(text, at)
  const left = Math.max(8, Math.min(rect.left - 8, window.innerWidth - WIDTH - 8))
  const below = window.innerHeight - rect.bottom - 12
  if (below >= WANTED || below >= rect.top) return { left, top: rect.bottom + 4, room: Math.min(WANTED, below) }
  return { left, bottom: window.innerHeight - rect.top + 4, room: Math.min(WANTED, rect.top - 12) }
}

function rectOf(text: HTMLElement, at: number): DOMRect {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT)
  let passed = 0
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0
    if (at < passed + length) {
      const range = document.createRange()
      range.setStart(node, at - passed)
      range.setEnd(node, at - passed + 1)
      return range.getBoundingClientRect()
    }
    passed += length
  }
  return text.getBoundingClientRect()
}
