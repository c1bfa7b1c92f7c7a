/** The description of a field, shown a moment after pointing at its name. */
import { useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import type { Rect } from '../../ui/anchor'
import styles from './Fields.module.css'

const PAUSE = 400
const WIDTH = 300

export function HeaderHint({ text, at }: { text: string; at: Rect }) {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), PAUSE)
    return () => clearTimeout(timer)
  }, [])
  if (!shown) return null
  return createPortal(
    <div
      role="tooltip"
      className={styles.hint}
      style={{ left: Math.max(8, Math.min(at.x + 8, window.innerWidth - WIDTH - 8)), top: at.y + at.height + 4 }}
    >
      {text}
    </div>,
    document.body,
  )
}
