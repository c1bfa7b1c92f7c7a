/** What is chosen in a list editor: each can be opened, taken away, and put elsewhere by dragging or by keys. */
import { X } from 'lucide-react'
import { type DragEvent, type KeyboardEvent, type ReactNode, type RefObject, useState } from 'react'
import { flushSync } from 'react-dom'
import { cx } from '../../ui/classes'
import { announce } from '../announce'
import styles from './Editors.module.css'

interface ChosenProps {
  ids: readonly string[]
  onChange: (ids: readonly string[]) => void
  show: (id: string) => ReactNode
  nameOf: (id: string) => string
  /** Opens what a chip stands for; undefined where there is nothing to open. */
  open: ((id: string) => void) | undefined
  input: RefObject<HTMLInputElement | null>
}

const DRAGGED = 'application/x-crm-chip'

export function Chosen({ ids, onChange, show, nameOf, open, input }: ChosenProps) {
  const [over, setOver] = useState<number>()
  const remove = (at: number) => {
    onChange(ids.filter((_, other) => other !== at))
    announce(`${nameOf(ids[at] ?? '')} taken away`)
    input.current?.focus()
  }
  const move = (from: number, to: number) => {
    const [id] = ids.slice(from, from + 1)
    if (id === undefined || to < 0 || to >= ids.length || from === to) return
    onChange(ids.filter((one) => one !== id).toSpliced(to, 0, id))
    announce(`${nameOf(id)}: place ${to + 1} of ${ids.length}`)
  }
  const drop = (event: DragEvent, at: number) => {
    event.preventDefault()
    setOver(undefined)
    move(Number(event.dataTransfer.getData(DRAGGED)), at)
    input.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>, at: number) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    const chips = event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('[data-chip]')
    if (by !== undefined && event.altKey) {
      const chip = event.currentTarget
      flushSync(() => move(at, at + by))
      // An element that changes its place loses the focus.
      chip.focus()
    } else if (by !== undefined) (chips?.[at + by] ?? (by > 0 ? input.current : undefined))?.focus()
    else if (event.key === 'Home') chips?.[0]?.focus()
    else if (event.key === 'Delete' || event.key === 'Backspace') remove(at)
    else if (event.key === 'Enter' && open) open(ids[at] ?? '')
    else {
      // Everything else is for the input: letters go on there, Escape and Tab close.
      if (event.key.length === 1 || event.key === 'Escape' || event.key === 'End') input.current?.focus()
      if (event.key !== 'Tab') event.stopPropagation()
      return
    }
    event.preventDefault()
    event.stopPropagation()
  }
  return ids.map((id, at) => (
    <span
      key={id}
      data-chip={id}
      role="button"
      tabIndex={-1}
      aria-label={`${nameOf(id)}, ${at + 1} of ${ids.length}`}
      aria-description={`${open ? 'Enter opens it, ' : ''}Delete takes it away${ids.length > 1 ? ', Alt and an arrow move it' : ''}`}
      className={cx(styles.chosen, over === at && styles.before)}
      draggable={ids.length > 1}
      onDragStart={(event) => event.dataTransfer.setData(DRAGGED, String(at))}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAGGED)) return
        event.preventDefault()
        setOver(at)
      }}
      onDragLeave={() => setOver(undefined)}
      onDragEnd={() => setOver(undefined)}
      onDrop={(event) => drop(event, at)}
      onKeyDown={(event) => onKeyDown(event, at)}
      onClick={() => open?.(id)}
    >
      {show(id)}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: a button holds no other one; Delete does the same */}
      <span
        className={styles.away}
        title="Take away"
        onClick={(event) => {
          event.stopPropagation()
          remove(at)
        }}
      >
        <X size={11} />
      </span>
    </span>
  ))
}
