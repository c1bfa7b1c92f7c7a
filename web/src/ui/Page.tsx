/** A page that is read from top to bottom: one column of a fixed width, headed by its name, a sentence and what it offers. */
import type { ReactNode } from 'react'
import { cx } from './classes'
import styles from './Page.module.css'

interface PageProps {
  /** How wide the column may grow: text and lists, lists with columns, or pictures side by side. */
  width?: 'text' | 'list' | 'wide'
  children: ReactNode
}

export function Page({ width = 'text', children }: PageProps) {
  return (
    <div className={styles.page}>
      <div className={cx(styles.column, styles[width])}>{children}</div>
    </div>
  )
}

interface PageHeadProps {
  title: string
  text?: ReactNode
  /** At the right, or below where there is no room: the main button, or which part is shown. */
  action?: ReactNode
}

export function PageHead({ title, text, action }: PageHeadProps) {
  return (
    <header className={styles.head}>
      <div className={styles.words}>
        <h1>{title}</h1>
        {text && <p>{text}</p>}
      </div>
      {action}
    </header>
  )
}
