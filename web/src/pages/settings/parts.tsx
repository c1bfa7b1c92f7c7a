/** What the settings sections are built of: a title, cards, rows, and a time in words. */
import { format, formatDistanceToNow } from 'date-fns'
import type { ReactNode } from 'react'
import { cx } from '../../ui/classes'
import styles from './Settings.module.css'

interface CardProps {
  title?: ReactNode
  text?: ReactNode
  action?: ReactNode
  /** Rows go to the edge of the card. */
  flush?: boolean
  children?: ReactNode
}

export function Card({ title, text, action, flush, children }: CardProps) {
  return (
    <section className={styles.card}>
      {(title || action) && (
        <header className={styles.cardHead}>
          <div>
            <h2>{title}</h2>
            {text && <p>{text}</p>}
          </div>
          {action}
        </header>
      )}
      {children && <div className={cx(styles.cardBody, flush && styles.flush)}>{children}</div>}
    </section>
  )
}

export function Row({
  lead,
  title,
  text,
  children,
}: {
  lead?: ReactNode
  title: ReactNode
  text?: ReactNode
  children?: ReactNode
}) {
  return (
    <li className={styles.row}>
      {lead}
      <div className={styles.rowText}>
        <div className={styles.rowTitle}>{title}</div>
        {text && <div className={styles.rowDetail}>{text}</div>}
      </div>
      {children && <div className={styles.rowSide}>{children}</div>}
    </li>
  )
}

/** A moment as "3 hours ago", with the exact time on hover. */
export function Ago({ at }: { at: string }) {
  const date = new Date(at)
  return (
    <time dateTime={at} title={format(date, 'PPpp')}>
      {formatDistanceToNow(date, { addSuffix: true })}
    </time>
  )
}
