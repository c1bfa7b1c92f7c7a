/** Finds in the view: the server narrows it to the records that match, and Enter goes from one to the next. */
import { ChevronDown, ChevronUp, Search, X } from 'lucide-react'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { cx } from '../../ui/classes'
import type { GridHands } from '../GridBody'
import type { GridModel } from '../model'
import styles from './Toolbar.module.css'

interface FindBoxProps {
  search: string
  onSearch: (text: string) => void
  model: GridModel
  hands: RefObject<GridHands | undefined>
}

const PAUSE = 200

export function FindBox({ search, onSearch, model, hands }: FindBoxProps) {
  const [text, setText] = useState(search)
  const [matches, setMatches] = useState<number>()
  const [at, setAt] = useState<number>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const wanted = useRef(false)

  const goTo = async (row: number) => {
    setAt(row)
    await model.rows.ensure(row, row)
    hands.current?.goTo(matchingColumn(model, row, text.trim()), row)
  }
  const step = (by: 1 | -1) => {
    const total = model.rows.total
    if (total) void goTo(at === undefined ? (by === 1 ? 0 : total - 1) : (at + by + total) % total)
  }

  useEffect(() =>
    model.rows.subscribe(() => {
      setMatches(model.rows.total)
      if (!wanted.current || model.rows.total === undefined) return
      wanted.current = false
      if (model.rows.total > 0) void goTo(0)
    }),
  )
  useEffect(() => () => clearTimeout(timer.current), [])

  const change = (next: string, pause = PAUSE) => {
    setText(next)
    setAt(undefined)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => onSearch(next.trim()), pause)
  }
  const enter = (by: 1 | -1) => {
    if (text.trim() === search) step(by)
    else {
      wanted.current = true
      change(text, 0)
    }
  }
  const found = search !== '' && matches !== undefined
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
      {found && (
        <span className={styles.matches} role="status">
          {counted(matches, at)}
        </span>
      )}
      {found && matches > 0 && (
        <>
          <button type="button" aria-label="Previous match" onClick={() => step(-1)}>
            <ChevronUp size={13} />
          </button>
          <button type="button" aria-label="Next match" onClick={() => step(1)}>
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

/** The first column of a row that shows the text, else one of its words. */
function matchingColumn(model: GridModel, row: number, text: string): number {
  const shown = model.setting.fields.map((_, col) => model.text(col, row).toLowerCase())
  for (const part of [text, ...text.split(/\s+/)]) {
    const col = shown.findIndex((one) => one.includes(part.toLowerCase()))
    if (col >= 0) return col
  }
  return 0
}
