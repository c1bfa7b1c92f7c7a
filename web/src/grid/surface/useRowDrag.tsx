/** Dragging rows by the handle in the gutter: a line shows where they land, words at the pointer say what happens there. */
import type { DataEditorRef } from '@glideapps/glide-data-grid'
import { type PointerEvent, type ReactNode, type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import styles from './RowDrag.module.css'
import type { RowDragging } from './types'

interface Drag {
  readonly row: number
  readonly start: number
  /** The line over this row; undefined until the pointer has moved far enough. */
  readonly gap: number | undefined
}

interface Shown {
  readonly gap: number
  /** In pixels of the surface. */
  readonly line: number
  readonly x: number
  readonly y: number
  readonly text: string
  readonly allowed: boolean
}

interface RowDrag {
  readonly begin: (event: PointerEvent<HTMLElement>, row: number) => void
  readonly mark: ReactNode
}

/** Pixels before a press becomes a drag, and how near to the edge the rows scroll along. */
const FAR = 4
const EDGE = 28
const SCROLL_MS = 60

export function useRowDrag(
  editor: RefObject<DataEditorRef | null>,
  box: RefObject<HTMLElement | null>,
  rows: number,
  header: number,
  dragging: RowDragging | undefined,
): RowDrag {
  const drag = useRef<Drag>(undefined)
  const [shown, setShown] = useState<Shown>()
  const now = useRef({ rows, dragging })
  now.current = { rows, dragging }

  const over = useCallback(
    (x: number, y: number): { gap: number; line: number } | undefined => {
      const frame = box.current?.getBoundingClientRect()
      if (!frame) return undefined
      const inside = Math.min(Math.max(y, frame.top + header + 1), frame.bottom - 2)
      const hit = editor.current?.getMouseArgsForPosition(frame.left + 8, inside)
      const last = now.current.rows - 1
      const row = hit?.kind === 'cell' ? Math.min(hit.location[1], last) : last
      const bounds = editor.current?.getBounds(0, row)
      if (!bounds || x < frame.left - 200) return undefined
      const below = inside > bounds.y + bounds.height / 2
      return { gap: row + (below ? 1 : 0), line: (below ? bounds.y + bounds.height : bounds.y) - frame.top }
    },
    [editor, box, header],
  )

  const roll = useRef<ReturnType<typeof setInterval>>(undefined)
  const pointer = useRef<readonly [x: number, y: number]>([0, 0])
  const stop = useCallback(() => {
    clearInterval(roll.current)
    drag.current = undefined
    setShown(undefined)
  }, [])

  const follow = useCallback(
    (x: number, y: number) => {
      const held = drag.current
      if (!held || (held.gap === undefined && Math.abs(y - held.start) < FAR)) return
      const at = over(x, y)
      const frame = box.current?.getBoundingClientRect()
      const said = at && now.current.dragging?.say(held.row, at.gap)
      if (!at || !frame || !said) return
      drag.current = { ...held, gap: at.gap }
      setShown({ ...at, ...said, x: x - frame.left, y: y - frame.top })
    },
    [over, box],
  )

  useEffect(() => {
    const move = (event: globalThis.PointerEvent) => {
      if (!drag.current) return
      pointer.current = [event.clientX, event.clientY]
      follow(...pointer.current)
    }
    const up = () => {
      const held = drag.current
      stop()
      if (held?.gap !== undefined) now.current.dragging?.drop(held.row, held.gap)
    }
    const key = (event: KeyboardEvent) => {
      if (!drag.current || event.key !== 'Escape') return
      event.preventDefault()
      event.stopPropagation()
      stop()
    }
    window.addEventListener('pointermove', move)
    window.addEventListener('pointerup', up)
    window.addEventListener('pointercancel', stop)
    window.addEventListener('keydown', key, true)
    return () => {
      clearInterval(roll.current)
      window.removeEventListener('pointermove', move)
      window.removeEventListener('pointerup', up)
      window.removeEventListener('pointercancel', stop)
      window.removeEventListener('keydown', key, true)
    }
  }, [follow, stop])

  const rollAlong = useCallback(() => {
    const held = drag.current
    const frame = box.current?.getBoundingClientRect()
    const [x, y] = pointer.current
    if (held?.gap === undefined || !frame) return
    const by = y < frame.top + header + EDGE ? -1 : y > frame.bottom - EDGE ? 1 : 0
    if (by === 0) return
    editor.current?.scrollTo(0, Math.min(Math.max(0, held.gap + by), now.current.rows - 1), 'vertical', 0, EDGE)
    follow(x, y)
  }, [box, editor, follow, header])
  const begin = useCallback(
    (event: PointerEvent<HTMLElement>, row: number) => {
      event.preventDefault()
      drag.current = { row, start: event.clientY, gap: undefined }
      clearInterval(roll.current)
      roll.current = setInterval(rollAlong, SCROLL_MS)
    },
    [rollAlong],
  )
  return { begin, mark: shown && <Mark {...shown} /> }
}

function Mark({ line, x, y, text, allowed }: Shown) {
  return (
    <div className={styles.layer} data-row-drag={allowed ? 'allowed' : 'refused'}>
      {allowed && <div className={styles.line} style={{ top: line - 1 }} />}
      <div className={styles.words} data-refused={!allowed || undefined} style={{ left: x + 14, top: y + 8 }}>
        {text}
      </div>
    </div>
  )
}
