/** One tab a table, in the team's order. */
import { Link } from 'wouter'
import { useSession, useTables } from '../api/queries'
import { paths } from '../pages/paths'
import { Skeleton } from '../ui/Feedback'
import styles from './Frame.module.css'

export function TableTabs({ current }: { current?: string }) {
  const { data } = useTables()
  const { data: session } = useSession()
  const tables = [...(data?.tables ?? [])].sort((a, b) => a.position - b.position)
  return (
    <>
      <Link href={paths.home} className={styles.mark}>
        <img src="/favicon.svg" alt="" className={styles.logo} />
        <span className={styles.teamName}>{session?.settings.name || 'Venture CRM'}</span>
      </Link>
      <nav className={styles.tabs} aria-label="Tables">
        {!data &&
          [72, 64, 56, 92].map((width) => <Skeleton key={width} width={width} height={20} className={styles.tab} />)}
        {tables.map((table) => (
          <Link
            key={table.id}
            href={paths.table(table.key)}
            className={styles.tab ?? ''}
            aria-current={current === table.key || current === table.id ? 'page' : undefined}
          >
            {table.name}
          </Link>
        ))}
      </nav>
    </>
  )
}
