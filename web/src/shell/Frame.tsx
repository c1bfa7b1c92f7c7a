/** The frame round every signed-in page: tables at the top, save state and the person at the right, the page below. */
import { Activity, BarChart3, CheckCircle2, Search } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { Link, useLocation } from 'wouter'
import { paths } from '../pages/paths'
import { Tooltip } from '../ui/Tooltip'
import { openPalette } from './CommandPalette'
import { ComputingBadge } from './ComputingBadge'
import { ErrorBoundary } from './ErrorBoundary'
import styles from './Frame.module.css'
import { NotificationBell } from './NotificationBell'
import { SaveBadge } from './SaveBadge'
import { TableTabs } from './TableTabs'
import { UserMenu } from './UserMenu'
import { useRegions } from './useRegions'
import { useTitle } from './useTitle'

interface FrameProps {
  /** The key of the table on screen, if one is. */
  table?: string
  /** Names the browser tab. */
  title: string
  children: ReactNode
}

export function Frame({ table, title, children }: FrameProps) {
  const [location] = useLocation()
  const main = useRef<HTMLElement>(null)
  useTitle(title)
  useRegions()

  // A followed link leaves the focus on nothing; a reader goes on from the new page.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the address changes
  useEffect(() => {
    if (document.activeElement === document.body) main.current?.focus({ preventScroll: true })
  }, [location])

  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <header className={styles.top}>
        <TableTabs current={table} />
        <div className={styles.right}>
          <ComputingBadge />
          <SaveBadge />
          <Tooltip text="Go to a page, a table or a view" shortcut="Ctrl+K">
            <button type="button" className={styles.pageLink} aria-label="Go to" onClick={openPalette}>
              <Search size={16} aria-hidden="true" />
            </button>
          </Tooltip>
          <Tooltip text="Dashboards">
            <Link
              href={paths.dashboards()}
              className={styles.pageLink ?? ''}
              aria-label="Dashboards"
              aria-current={location === '/dashboards' ? 'page' : undefined}
            >
              <BarChart3 size={16} aria-hidden="true" />
            </Link>
          </Tooltip>
          <Tooltip text="Tasks">
            <Link
              href={paths.tasks()}
              className={styles.pageLink ?? ''}
              aria-label="My tasks"
              aria-current={location === '/tasks' ? 'page' : undefined}
            >
              <CheckCircle2 size={16} aria-hidden="true" />
            </Link>
          </Tooltip>
          <Tooltip text="Activity">
            <Link
              href={paths.activity()}
              className={styles.pageLink ?? ''}
              aria-label="Activity"
              aria-current={location === '/activity' ? 'page' : undefined}
            >
              <Activity size={16} aria-hidden="true" />
            </Link>
          </Tooltip>
          <NotificationBell />
          <UserMenu />
        </div>
      </header>
      <main id="main" ref={main} className={styles.main} tabIndex={-1}>
        <ErrorBoundary key={table ?? location}>{children}</ErrorBoundary>
      </main>
    </div>
  )
}
