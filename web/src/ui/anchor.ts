/** Places popups at what opens them, or against a rectangle that is no element, for example a cell of the canvas grid. */
import type { ReactElement } from 'react'
import styles from './Popup.module.css'

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

function toAnchor(anchor: Anchor): Element | VirtualElement | undefined {
  if (!anchor) return undefined
  if (anchor instanceof Element) return anchor
  const { x, y, width, height } = anchor
  return { getBoundingClientRect: () => new DOMRect(x, y, width, height) }
}

export interface PlacedProps {
  /** The element that opens it. Leave it out and give `open` and `anchor` for one at a place. */
  trigger?: ReactElement<Record<string, unknown>>
  open?: boolean
  onOpenChange?: (open: boolean) => void
  anchor?: Anchor
  side?: 'bottom' | 'top' | 'left' | 'right'
  align?: 'start' | 'center' | 'end'
  /** Where focus goes on closing; default the trigger. A grid gives its own focus call. */
  finalFocus?: () => HTMLElement | null | undefined
}

/** The same place for every popup: right below its trigger, inside the window. */
export function positioned({ anchor, side, align = 'start' }: PlacedProps) {
  return {
    className: styles.positioner,
    anchor: toAnchor(anchor),
    ...{ side, align, sideOffset: 4, collisionPadding: 8 },
    // What is placed in the page makes it wider for a moment, and a phone stays that wide.
    positionMethod: 'fixed' as const,
  }
}

/** Without an element to go to, focus goes where it would. */
export function focusing(finalFocus: PlacedProps['finalFocus']) {
  return finalFocus && (() => finalFocus() ?? true)
}
