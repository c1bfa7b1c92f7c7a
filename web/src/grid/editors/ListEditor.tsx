/** Picks from a list by typing: options, people and linked records share it. */
import { Check, Plus } from 'lucide-react'
import {
  Fragment,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import type { Rect } from '../../ui/anchor'
import { cx } from '../../ui/classes'
import { Chosen } from './Chosen'
import styles from './Editors.module.css'
import { type Move, moveFor } from './editor'

export interface ListItem {
  readonly id: string
  readonly label: string
  readonly node?: ReactNode
  readonly hint?: string
  /** A heading over the first of those that share it. */
  readonly group?: string
}

interface ListEditorProps {
  label: string
  at: Rect
  seed: string
  many: boolean
  chosen: readonly string[]
  /** Items for what is typed; `undefined` while they are on the way. */
  items: readonly ListItem[] | undefined
  onSearch: (text: string) => void
  /** How a chosen one looks in the box. */
  show: (id: string) => ReactNode
  nameOf: (id: string) => string
  /** Opens a chosen one elsewhere, after `leave` has kept what was chosen. */
  open?: (id: string, leave: () => void) => void
  /** Offered when nothing carries the typed name. */
  create?: { label: (text: string) => string; run: (text: string) => string }
  /** Said when the list is empty. */
  empty: string
  commit: (ids: string[], move: Move) => void
  cancel: () => void
  onLeave: (leave: () => boolean) => void
}

const CREATE = 'create'
const NONE = -1

export function ListEditor(props: ListEditorProps) {
  const { label, at, seed, many, items, onSearch, show, create, commit, cancel, onLeave } = props
  const [text, setText] = useState(seed)
  const [chosen, setChosen] = useState<readonly string[]>(props.chosen)
  // Nothing is active until something is typed or pointed at: Enter alone must not change the value.
  const [active, setActive] = useState(() =>
    seed !== '' ? 0 : many ? NONE : (items ?? []).findIndex((item) => item.id === props.chosen[0]),
  )
  const [entered, setEntered] = useState<{ move: Move; closing: boolean }>()
  const input = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const id = useId()

  useLayoutEffect(() => input.current?.focus({ preventScroll: true }), [])

  const typed = text.trim()
  const exact = items?.some((item) => item.label.toLowerCase() === typed.toLowerCase())
  const canCreate = create !== undefined && typed !== '' && items !== undefined && !exact
  const rows = [...(items ?? []).map((item) => item.id), ...(canCreate ? [CREATE] : [])]
  const dirty = chosen.length !== props.chosen.length || chosen.some((one, index) => one !== props.chosen[index])

  const finish = (move: Move, ids: readonly string[] = chosen) => commit([...ids], move)
  const leave = (): boolean => {
    if (dirty) finish('stay')
    else cancel()
    return true
  }
  useEffect(() => onLeave(leave))

  /** Takes a row of the list; of many, `closing` says that it was the last one. */
  const pick = (row: string | undefined, move: Move, closing = false) => {
    if (row === undefined) {
      if (typed === '') finish(move)
      return
    }
    const picked = row === CREATE ? create?.run(typed) : row
    if (picked === undefined) return
    if (!many || closing) {
      finish(move, !many ? [picked] : chosen.includes(picked) ? chosen : [...chosen, picked])
      return
    }
    setChosen((old) => (old.includes(picked) ? old.filter((one) => one !== picked) : [...old, picked]))
    setText('')
    onSearch('')
    setActive(NONE)
    input.current?.focus()
  }

  // Enter or Tab pressed while the list is on the way takes the first answer.
  useEffect(() => {
    if (entered === undefined || items === undefined) return
    setEntered(undefined)
    pick(rows[0], entered.move, entered.closing)
  })

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation()
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    const move = moveFor(event.key, event.shiftKey)
    if (step !== undefined) {
      event.preventDefault()
      setActive((old) => Math.min(Math.max(0, old + step), Math.max(0, rows.length - 1)))
    } else if (event.key === 'Escape') {
      event.preventDefault()
      if (many && dirty) finish('stay')
      else cancel()
    } else if (event.key === 'Backspace' && text === '') {
      event.preventDefault()
      if (many) setChosen((old) => old.slice(0, -1))
      else setChosen([])
    } else if (event.key === 'ArrowLeft' && event.currentTarget.selectionEnd === 0) {
      event.preventDefault()
      const chips = event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('[data-chip]')
      ;[...(chips ?? [])].at(-1)?.focus()
    } else if (event.key === 'Tab' && move) {
      event.preventDefault()
      if (typed === '') finish(move)
      else if (items === undefined) setEntered({ move, closing: true })
      else pick(rows[active], move, true)
    } else if (event.key === 'Enter' && move) {
      event.preventDefault()
      if (items === undefined && typed !== '') setEntered({ move, closing: false })
      else if (!many && typed === '' && chosen.length === 0 && props.chosen.length > 0) finish(move, [])
      else pick(rows[active], move)
    }
  }

  useLayoutEffect(() => {
    list.current?.querySelectorAll('[role="option"]')[active]?.scrollIntoView({ block: 'nearest' })
  }, [active])

  const width = Math.max(at.width, 250)
  const below = window.innerHeight - at.y - at.height > 260
  return (
    <div className={styles.list} style={{ left: Math.min(at.x, window.innerWidth - width - 12), top: at.y, width }}>
      <div className={styles.box} style={{ minHeight: at.height }}>
        <Chosen
          ids={chosen}
          onChange={setChosen}
          show={show}
          nameOf={props.nameOf}
          open={props.open && ((id) => props.open?.(id, leave))}
          input={input}
        />
        <input
          ref={input}
          className={styles.search}
          value={text}
          role="combobox"
          aria-label={label}
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={rows[active] === undefined ? undefined : `${id}-${active}`}
          autoComplete="off"
          placeholder={chosen.length === 0 ? 'Find…' : ''}
          onChange={(event) => {
            setText(event.currentTarget.value)
            onSearch(event.currentTarget.value)
            setActive(event.currentTarget.value === '' ? NONE : 0)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div
        ref={list}
        id={id}
        role="listbox"
        aria-label={label}
        aria-multiselectable={many}
        className={cx(styles.options, !below && styles.above)}
        style={below ? undefined : { bottom: window.innerHeight - at.y + 2 }}
      >
        {(items ?? []).map((item, index) => (
          <Fragment key={item.id}>
            {item.group !== undefined && item.group !== items?.[index - 1]?.group && (
              <span role="presentation" className={styles.group}>
                {item.group}
              </span>
            )}
            <Row
              id={`${id}-${index}`}
              active={index === active}
              on={chosen.includes(item.id)}
              pick={() => pick(item.id, 'stay')}
              hover={() => setActive(index)}
            >
              {item.node ?? <span className={styles.rowText}>{item.label}</span>}
              {item.hint && <span className={styles.hint}>{item.hint}</span>}
            </Row>
          </Fragment>
        ))}
        {canCreate && (
          <Row
            id={`${id}-${rows.length - 1}`}
            active={active === rows.length - 1}
            on={false}
            pick={() => pick(CREATE, 'stay')}
            hover={() => setActive(rows.length - 1)}
          >
            <Plus size={14} />
            <span className={styles.rowText}>{create.label(typed)}</span>
          </Row>
        )}
        {rows.length === 0 && <p className={styles.none}>{items === undefined ? 'Looking…' : props.empty}</p>}
      </div>
    </div>
  )
}

interface RowProps {
  id: string
  active: boolean
  on: boolean
  pick: () => void
  hover: () => void
  children: ReactNode
}

function Row({ id, active, on, pick, hover, children }: RowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the combobox that owns the focus
    <div
      id={id}
      role="option"
      aria-selected={on}
      className={cx(styles.row, active && styles.active)}
      onPointerDown={(event) => event.preventDefault()}
      onPointerMove={hover}
      onClick={pick}
    >
      {children}
      {on && <Check size={14} className={styles.tick} />}
    </div>
  )
}
