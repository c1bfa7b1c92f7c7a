/** The import wizard as a page; the address holds the table and the run, so a reload goes on where it was. */
import { useLocation, useSearch } from 'wouter'
import { useTables } from '../../api/queries'
import { SkeletonLines } from '../../ui/Feedback'
import { paths } from '../paths'
import { ImportWizard } from './ImportWizard'
import { findTable } from './mapping'

export default function ImportPage() {
  const { data } = useTables()
  const search = new URLSearchParams(useSearch())
  const [, navigate] = useLocation()
  const tables = data?.tables
  if (!tables) return <SkeletonLines count={5} />
  const table = findTable(tables, search.get('table') ?? '') ?? tables[0]
  if (!table) return null

  function address(tableKey: string, run: string | null): string {
    return run ? `${paths.import(tableKey)}&run=${run}` : paths.import(tableKey)
  }

  return (
    <ImportWizard
      tables={tables}
      table={table}
      runId={search.get('run')}
      onTable={(key) => navigate(address(key, null), { replace: true })}
      onRun={(run) => navigate(address(table.key, run), { replace: true })}
      onLeave={() => navigate(paths.table(table.key))}
    />
  )
}
