/** Finds in the view: cells that hold the text are marked, and Enter goes from one to the next. */
import { ChevronDown, ChevronUp, Search, X } from 'lucide-react'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { cx } from '../../ui/classes'
import type { GridHands } from '../GridBody'
import type { Found } from '../useFind'
import styles from './Toolbar.module.css'

interface FindBoxProps {
  search: string
  onSearch: (text: string) => void
  found: Found
  hands: RefObject<GridHands | undefined>
}

const PAUSE = 200

export function FindBox({ search, onSearch, found, hands }: FindBoxProps) {
  const [text, setText] = useState(search)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const sent = useRef(search)
  useEffect(() => () => clearTimeout(timer.current), [])
  // Another address brings its own text along.
  useEffect(() => {
    if (search === sent.current) return
    sent.current = search
    setText(search)
  }, [search])

  const change = (next: string, pause = PAUSE) => {
    setText(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      sent.current = next.trim()
      onSearch(next.trim())
    }, pause)
  }
  const enter = (by: 1 | -1) => {
    if (text.trim() === search && found.total !== undefined) found.step(by)
    else {
      found.goWhenFound()
      change(text, 0)
    }
  }
  const { total, at } = found
  const known = search !== '' && total !== undefined
  return (
    <div className={cx(styles.search, text !== '' && styles.searching)}>
      <Search size={14} aria-hidden="true" />
      <input
        data-grid-search=""
        aria-label="Find in this view"
        placeholder="Find"
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'Enter') enter(event.shiftKey ? -1 : 1)
          if (event.key !== 'Escape') return
          change('', 0)
          hands.current?.focus()
        }}
      />
      {known && (
        <span className={styles.matches} role="status">
          {counted(total, at)}
        </span>
      )}
      {known && total > 0 && (
        <>
          <button type="button" aria-label="Previous match" onClick={() => found.step(-1)}>
            <ChevronUp size={13} />
          </button>
          <button type="button" aria-label="Next match" onClick={() => found.step(1)}>
            <ChevronDown size={13} />
          </button>
        </>
      )}
      {text !== '' && (
        <button type="button" aria-label="Clear the search" onClick={() => change('', 0)}>
          <X size={12} />
        </button>
      )}
    </div>
  )
}

function counted(matches: number, at: number | undefined): string {
  const all = matches.toLocaleString('en-US')
  if (at !== undefined && at < matches) return `${(at + 1).toLocaleString('en-US')} of ${all}`
  return `${all} ${matches === 1 ? 'match' : 'matches'}`
}
