/** One stack: its name and count, its cards window by window, and the button that adds one. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronsLeft, Plus } from 'lucide-react'
import { type DragEvent, type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { Field, RecordId } from '../../api/types'
import { Pill } from '../../grid/editors/Pill'
import type { TableRows } from '../../store/tableRows'
import { IconButton } from '../../ui/Button'
import { cx } from '../../ui/classes'
import type { CardsBodyProps } from '../cards/body'
import { cardFields, PlacedCard } from '../cards/PlacedCard'
import { CARD, useDrop } from '../cards/useDrop'
import { makeCard, useColors, useOwnRows } from '../cards/useRows'
import { fold, isFolded, useFolded } from '../memory'
import views from '../Views.module.css'
import styles from './Kanban.module.css'
import { admits, queryOf, type Stack } from './stacks'

export interface MovedCard {
  readonly id: RecordId
  readonly from: string | null
}

interface StackColumnProps extends CardsBodyProps {
  stack: Stack
  field: Field
  writable: boolean
  register: (rows: TableRows) => void
  onDrop: (card: MovedCard, at: number) => void
  /** To the neighbouring stack. */
  onStep: (card: MovedCard, by: -1 | 1) => void
  /** Up or down in its stack. */
  onShift: (card: MovedCard, by: -1 | 1) => void
}

const GAP = 8

export function StackColumn(props: StackColumnProps) {
  const { model, setting, config, view, user, query, stack, field, writable, register, onOpenRecord } = props
  const { option } = stack
  const own = useMemo(() => queryOf(query, field, option), [query, field, option])
  const rows = useOwnRows(model, own, admits(field, option))
  register(rows)
  const folded = isFolded(useFolded(user, view.id), stack.option ?? '')
  const [place, setPlace] = useState<number>()
  const total = rows.total ?? 0
  useEffect(() => {
    if (rows.total === undefined) rows.show(0, 20)
  }, [rows])

  const drop = (event: DragEvent) => {
    const card = JSON.parse(event.dataTransfer.getData(CARD) || 'null') as MovedCard | null
    if (card) props.onDrop(card, place ?? total)
  }
  const { zone } = useDrop(writable ? drop : undefined, (event) => setPlace(event && placeUnder(event, total)))
  if (config.hide_empty && rows.total === 0) return null
  const head = (
    <>
      <Pill text={stack.name} color={stack.color} />
      <span className={styles.count}>{rows.total?.toLocaleString('en-US') ?? ''}</span>
    </>
  )
  if (folded) {
    return (
      <div role="listitem" className={styles.folded}>
        <button
          type="button"
          aria-expanded={false}
          aria-label={`Open the stack ${stack.name}`}
          onClick={() => fold(user, view.id, stack.option ?? '', false)}
        >
          {head}
        </button>
      </div>
    )
  }
  return (
    <section
      role="listitem"
      className={cx(styles.stack, place !== undefined && styles.target)}
      aria-label={`${stack.name}, ${total} ${setting.table.name.toLowerCase()}`}
      {...zone}
    >
      <header className={styles.head}>
        {head}
        <IconButton
          label={`Fold the stack ${stack.name}`}
          size="small"
          onClick={() => fold(user, view.id, stack.option ?? '', true)}
        >
          <ChevronsLeft size={14} />
        </IconButton>
      </header>
      <StackCards {...props} rows={rows} place={place} />
      {writable && (
        <button
          type="button"
          className={cx(views.create, styles.add)}
          onClick={() => void makeCard(model, stack.option === null ? {} : { [field.id]: stack.option }, onOpenRecord)}
        >
          <Plus size={14} aria-hidden="true" /> Add {setting.table.name_one.toLowerCase()}
          <span className="visually-hidden"> to {stack.name}</span>
        </button>
      )}
    </section>
  )
}

/** Before which card something dragged would be put down. */
function placeUnder(event: DragEvent, total: number): number {
  for (const item of event.currentTarget.querySelectorAll<HTMLElement>('[data-place]')) {
    const { top, height } = item.getBoundingClientRect()
    if (event.clientY < top + height / 2) return Number(item.dataset.place)
  }
  const last = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-place]')].at(-1)
  return last ? Number(last.dataset.place) + 1 : total
}

function StackCards(props: StackColumnProps & { rows: TableRows; place: number | undefined }) {
  const { setting, stack, field, rows, place, writable } = props
  const scroller = useRef<HTMLDivElement>(null)
  const total = rows.total ?? 3
  const list = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => 110,
    getItemKey: (row) => rows.idAt(row) ?? row,
    gap: GAP,
    overscan: 4,
  })
  const seen = list.getVirtualItems()
  const [from, to] = [seen[0]?.index ?? 0, seen.at(-1)?.index ?? 10]
  useEffect(() => rows.show(from, to), [rows, from, to])
  const fields = cardFields(setting, field)
  const colorOf = useColors(props, rows)
  const take = (event: DragEvent, id: RecordId) =>
    event.dataTransfer.setData(CARD, JSON.stringify({ id, from: stack.option }))

  const onKeyDown = (event: KeyboardEvent, id: RecordId, row: number) => {
    const card = { id, from: stack.option }
    const by = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 }[event.key] as -1 | 1 | undefined
    if (by === undefined) return
    event.preventDefault()
    const across = event.key === 'ArrowLeft' || event.key === 'ArrowRight'
    if (event.altKey && writable) {
      if (across) props.onStep(card, by)
      else props.onShift(card, by)
      return
    }
    if (across) focusBeside(event.currentTarget as HTMLElement, by)
    else {
      list.scrollToIndex(Math.max(0, Math.min(total - 1, row + by)))
      const wanted = `[data-place="${row + by}"] button`
      requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(wanted)?.focus())
    }
  }
  return (
    <div ref={scroller} className={styles.cards}>
      <div
        className={styles.sized}
        style={{ height: list.getTotalSize() }}
        role="list"
        aria-label={`Cards of ${stack.name}`}
      >
        {seen.map((item) => {
          return (
            <div
              key={item.key}
              ref={list.measureElement}
              data-index={item.index}
              data-place={item.index}
              role="listitem"
              className={cx(styles.item, place === item.index && cx(views.above, styles.above))}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <PlacedCard
                {...props}
                row={item.index}
                fields={fields}
                colorOf={colorOf}
                onKeyDown={(event, id) => onKeyDown(event, id, item.index)}
                onDragStart={writable ? take : undefined}
              />
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** The focus goes to the nearest card of the next stack that has any. */
function focusBeside(from: HTMLElement, by: -1 | 1): void {
  const stacks = [...(from.closest('[data-view-body]')?.querySelectorAll('section') ?? [])]
  const { top } = from.getBoundingClientRect()
  for (let at = stacks.indexOf(from.closest('section') as HTMLElement) + by; stacks[at]; at += by) {
    const found = [...(stacks[at]?.querySelectorAll<HTMLElement>('article button') ?? [])]
    const nearest = found.sort((a, b) => distance(a, top) - distance(b, top))[0]
    if (nearest) {
      nearest.focus()
      return
    }
  }
}

const distance = (element: HTMLElement, top: number): number => Math.abs(element.getBoundingClientRect().top - top)
