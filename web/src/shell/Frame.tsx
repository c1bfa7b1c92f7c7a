/** The frame round every signed-in page: tables at the top, save state and the person at the right, the page below. */
import { Activity, BarChart3, CheckCircle2 } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { Link, useLocation } from 'wouter'
import { useSession } from '../api/queries'
import { paths } from '../pages/paths'
import { Tooltip } from '../ui/Tooltip'
import { ComputingBadge } from './ComputingBadge'
import { ErrorBoundary } from './ErrorBoundary'
import styles from './Frame.module.css'
import { NotificationBell } from './NotificationBell'
import { SaveBadge } from './SaveBadge'
import { TableTabs } from './TableTabs'
import { UserMenu } from './UserMenu'

interface FrameProps {
  /** The key of the table on screen, if one is. */
  table?: string
  /** Names the browser tab. */
  title: string
  children: ReactNode
}

export function Frame({ table, title, children }: FrameProps) {
  const [location] = useLocation()
  const { data: session } = useSession()
  const main = useRef<HTMLElement>(null)
  const team = session?.settings.name || 'Venture CRM'

  useEffect(() => {
    document.title = `${title} · ${team}`
  }, [title, team])

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
