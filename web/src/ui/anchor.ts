/** Places popups against a rectangle that is no element, for example a cell of the canvas grid. */

export interface Rect {
  /** Viewport pixels */
  x: number
  y: number
  width: number
  height: number
}

export type Anchor = Element | Rect | null | undefined

interface VirtualElement {
  getBoundingClientRect: () => DOMRect
}

export function toAnchor(anchor: Anchor): Element | VirtualElement | undefined {
  if (!anchor) return undefined
  if (anchor instanceof Element) return anchor
  const { x, y, width, height } = anchor
  return { getBoundingClientRect: () => new DOMRect(x, y, width, height) }
}
