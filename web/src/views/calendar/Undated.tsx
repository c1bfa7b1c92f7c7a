/** Records that stand on no day yet: drag one onto its day. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type DragEvent, useEffect, useRef } from 'react'
import type { Field } from '../../api/types'
import type { TableRows } from '../../store/tableRows'
import { cx } from '../../ui/classes'
import type { CardsBodyProps } from '../cards/body'
import { Card } from '../cards/Card'
import { CARD, useDrop } from '../cards/useDrop'
import { useColors } from '../cards/useRows'
import styles from './Calendar.module.css'

interface UndatedProps extends CardsBodyProps {
  rows: TableRows
  fields: readonly Field[]
  onDrop: ((event: DragEvent) => void) | undefined
}

export function Undated({ rows, fields, onDrop, ...props }: UndatedProps) {
  const { model, onOpenRecord, openRecord } = props
  const colorOf = useColors(props, rows)
  const scroller = useRef<HTMLDivElement>(null)
  const { over, zone } = useDrop(onDrop)
  const list = useVirtualizer({
    count: rows.total ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => 28,
    gap: 4,
    overscan: 10,
  })
  const seen = list.getVirtualItems()
  const [from, to] = [seen[0]?.index ?? 0, seen.at(-1)?.index ?? 30]
  useEffect(() => rows.show(from, to), [rows, from, to])
  return (
    <aside className={cx(styles.undated, over && styles.over)} aria-label="Records without a day" {...zone}>
      <h3>
        Without a day <span className={styles.count}>{rows.total?.toLocaleString('en-US')}</span>
      </h3>
      <div ref={scroller} className={styles.undatedScroll}>
        <div style={{ position: 'relative', height: list.getTotalSize() }} role="list">
          {seen.map((item) => {
            const id = rows.idAt(item.index)
            return (
              <div
                key={id ?? item.index}
                role="listitem"
                className={styles.undatedItem}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {id !== undefined && (
                  <Card
                    small
                    model={model}
                    rows={rows}
                    id={id}
                    fields={fields}
                    color={colorOf?.(id)}
                    open={id === openRecord}
                    onOpen={onOpenRecord}
                    {...(onDrop
                      ? { onDragStart: (event: DragEvent) => event.dataTransfer.setData(CARD, JSON.stringify({ id })) }
                      : {})}
                  />
                )}
              </div>
            )
          })}
        </div>
      </div>
      {rows.total === 0 && <p className={styles.none}>Every record stands on a day.</p>}
    </aside>
  )
}
