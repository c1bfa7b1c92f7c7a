/** The shape of a grid while its data is on the way, so that nothing shifts when it comes. */
import { Skeleton } from '../ui/Feedback'
import styles from './GridSkeleton.module.css'

const ROWS = Array.from({ length: 14 }, (_, index) => index)
const WIDTHS = [150, 70, 90, 110, 60, 120]

export function GridSkeleton() {
  return (
    <div className={styles.grid} role="status" aria-label="Loading the table">
      <div className={styles.bar}>
        {[92, 64, 64, 56].map((width, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the shapes never change places
          <Skeleton key={index} width={width} height={16} />
        ))}
      </div>
      {ROWS.map((row) => (
        <div key={row} className={styles.row}>
          {WIDTHS.map((width, column) => (
            <div key={width} className={styles.cell}>
              <Skeleton width={width - ((row * 37 + column * 53) % 40)} height={10} />
            </div>
          ))}
        </div>
      ))}
    </div>
  )
}
