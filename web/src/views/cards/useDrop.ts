/** A place that cards are dropped on: it says while one is held over it. */
import { type DragEvent, type DragEventHandler, useState } from 'react'

/** What a dragged card carries, as the browser names it. */
export const CARD = 'application/x-crm-card'

export interface DropZone {
  readonly over: boolean
  readonly zone: Readonly<Record<'onDragOver' | 'onDragLeave' | 'onDrop', DragEventHandler>>
}

/** `onDrop` undefined takes nothing; `onOver` is told where the card is held. */
export function useDrop(
  onDrop: ((event: DragEvent) => void) | undefined,
  onOver?: (event: DragEvent | undefined) => void,
): DropZone {
  const [over, setOver] = useState(false)
  const leave = () => {
    setOver(false)
    onOver?.(undefined)
  }
  return {
    over,
    zone: {
      onDragOver: (event) => {
        if (!onDrop || !event.dataTransfer.types.includes(CARD)) return
        event.preventDefault()
        setOver(true)
        onOver?.(event)
      },
      onDragLeave: (event) => !event.currentTarget.contains(event.relatedTarget as Node) && leave(),
      onDrop: (event) => {
        if (!onDrop || !event.dataTransfer.types.includes(CARD)) return
        event.preventDefault()
        onDrop(event)
        leave()
      },
    },
  }
}
