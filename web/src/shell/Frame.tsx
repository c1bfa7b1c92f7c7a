/** The frame round every signed-in page: tables at the top, save state and the person at the right, the page below. */
import type { ReactNode } from 'react'
import { ErrorBoundary } from './ErrorBoundary'
import styles from './Frame.module.css'
import { SaveBadge } from './SaveBadge'
import { TableTabs } from './TableTabs'
import { UserMenu } from './UserMenu'

interface FrameProps {
  /** The key of the table on screen, if one is. */
  table?: string
  children: ReactNode
}

export function Frame({ table, children }: FrameProps) {
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <header className={styles.top}>
        <TableTabs current={table} />
        <div className={styles.right}>
          <SaveBadge />
          <UserMenu />
        </div>
      </header>
      <main id="main" className={styles.main} tabIndex={-1}>
        <ErrorBoundary key={window.location.pathname.split('/').slice(0, 3).join('/')}>{children}</ErrorBoundary>
      </main>
    </div>
  )
}
