/** One tab a table, in the team's order. */
import { Link } from 'wouter'
import { useSession, useTables } from '../api/queries'
import { paths } from '../pages/paths'
import { Skeleton } from '../ui/Feedback'
import styles from './Frame.module.css'
import { TableMenu } from './TableMenu'

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
        {tables.map((table) => {
          const open = current === table.key || current === table.id
          return (
            <span key={table.id} className={styles.tabSlot} data-open={open || undefined}>
              <Link href={paths.table(table.key)} className={styles.tab ?? ''} aria-current={open ? 'page' : undefined}>
                {table.name}
              </Link>
              {open && <TableMenu table={table} />}
            </span>
          )
        })}
      </nav>
    </>
  )
}
