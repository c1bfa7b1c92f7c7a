/** Rows that cannot be read, each with its line, its column and the reason. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { explain } from '../../api/client'
import { cx } from '../../ui/classes'
import { Notice } from '../../ui/Feedback'
import styles from './DiffTable.module.css'
import { useRows } from './useRows'

const HEIGHT = 36

export function ErrorList({ runId, total }: { runId: string; total: number }) {
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => HEIGHT,
    overscan: 10,
  })
  const seen = rows.getVirtualItems()
  const loaded = useRows(runId, 'error', seen[0]?.index ?? 0, seen.at(-1)?.index ?? 0)
  if (loaded.error) return <Notice tone="danger">{explain(loaded.error)}</Notice>
  return (
    <div className={styles.wrap}>
      <p className={styles.about}>
        These rows are left out as a whole; the others are imported. Mend them in the file and import it again: what is
        already here stays as it is.
      </p>
      <div className={styles.scroller} ref={scroller} tabIndex={0} role="table" aria-label="Rows with errors">
        <div className={styles.sheet} style={{ height: rows.getTotalSize() + HEIGHT }}>
          <div className={cx(styles.errors, styles.errorHead)} role="row">
            <span role="columnheader">Line</span>
            <span role="columnheader">Column</span>
            <span role="columnheader">What is wrong</span>
          </div>
          {seen.map((item) => {
            const row = loaded.row(item.index)
            const more = (row?.errors.length ?? 0) - 1
            const first = row?.errors[0]
            return (
              <div
                key={item.key}
                role="row"
                className={styles.errors}
                style={{ top: 0, transform: `translateY(${item.start + HEIGHT}px)` }}
                title={row?.errors.map((error) => `${error.column ?? ''}: ${error.reason}`).join('\n')}
              >
                <span role="cell">{row?.line}</span>
                <span role="cell" className={styles.clip}>
                  {first?.column ?? 'whole row'}
                </span>
                <span role="cell" className={styles.clip}>
                  {first?.reason}
                  {more > 0 && ` (and ${more} more)`}
                </span>
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}
