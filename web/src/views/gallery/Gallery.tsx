/** Records as large cards side by side; only those in sight are drawn and read. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { EmptyGrid } from '../../grid/EmptyGrid'
import type { CardsBodyProps } from '../cards/body'
import cards from '../cards/Cards.module.css'
import { cardFields, PlacedCard } from '../cards/PlacedCard'
import { makeCard, useColors, useDrawn, useReleased } from '../cards/useRows'
import styles from './Gallery.module.css'

const CARD = 250
const GAP = 16

export function Gallery(props: CardsBodyProps) {
  const { model, setting, query, onOpenRecord, hands } = props
  const { rows } = model
  const scroller = useRef<HTMLDivElement>(null)
  const across = useAcross(scroller)
  useDrawn(rows)
  useReleased(model, rows)

  const total = rows.total ?? 0
  const lines = useVirtualizer({
    count: Math.ceil(total / across),
    getScrollElement: () => scroller.current,
    estimateSize: () => 220,
    gap: GAP,
    paddingStart: GAP,
    paddingEnd: GAP,
    overscan: 2,
  })
  const seen = lines.getVirtualItems()
  const [from, to] = [(seen[0]?.index ?? 0) * across, ((seen.at(-1)?.index ?? 5) + 1) * across]
  useEffect(() => rows.show(from, to), [rows, from, to])
  useEffect(() => {
    hands.current = {
      append: () => void makeCard(model, {}, onOpenRecord),
      focus: () => scroller.current?.querySelector<HTMLElement>('button')?.focus(),
      goTo: (_, row) => lines.scrollToIndex(Math.floor(row / across)),
    }
  }, [hands, model, onOpenRecord, lines, across])

  const fields = cardFields(setting)
  const colorOf = useColors(props, rows)
  const onKeyDown = (event: KeyboardEvent, row: number) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[event.key]
    if (by === undefined || row + by < 0 || row + by >= total) return
    event.preventDefault()
    lines.scrollToIndex(Math.floor((row + by) / across))
    const wanted = `[data-place="${row + by}"] button`
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(wanted)?.focus())
  }
  return (
    <div className={cards.body} data-view-body="gallery">
      <div ref={scroller} className={styles.scroll}>
        <div
          className={styles.lines}
          style={{ height: lines.getTotalSize() }}
          role="list"
          aria-label={setting.table.name}
        >
          {seen.map((line) => (
            <div
              key={line.key}
              ref={lines.measureElement}
              data-index={line.index}
              className={styles.line}
              style={{ transform: `translateY(${line.start}px)`, gridTemplateColumns: `repeat(${across}, 1fr)` }}
              role="presentation"
            >
              {Array.from({ length: Math.min(across, total - line.index * across) }, (_, at) => {
                const row = line.index * across + at
                return (
                  <div key={rows.idAt(row) ?? row} role="listitem" data-place={row}>
                    <PlacedCard
                      {...props}
                      rows={rows}
                      row={row}
                      fields={fields}
                      colorOf={colorOf}
                      onKeyDown={(event) => onKeyDown(event, row)}
                    />
                  </div>
                )
              })}
            </div>
          ))}
        </div>
      </div>
      {(rows.total === 0 || rows.unread) && (
        <EmptyGrid
          model={model}
          filtered={query.filter !== null || query.search !== ''}
          onAdd={() => void makeCard(model, {}, onOpenRecord)}
        />
      )}
    </div>
  )
}

/** How many cards fit side by side. */
function useAcross(scroller: React.RefObject<HTMLDivElement | null>): number {
  const [across, setAcross] = useState(4)
  useEffect(() => {
    const box = scroller.current
    if (!box) return
    const watch = new ResizeObserver(() => {
      setAcross(Math.max(1, Math.floor((box.clientWidth - GAP) / (CARD + GAP))))
    })
    watch.observe(box)
    return () => watch.disconnect()
  }, [scroller])
  return across
}
