/** The import wizard as a page; the address holds the table and the run, so a reload goes on where it was. */
import { useLocation, useSearch } from 'wouter'
import { useTables } from '../../api/queries'
import { SkeletonLines } from '../../ui/Feedback'
import { paths } from '../paths'
import { ImportWizard } from './ImportWizard'
import { findTable } from './mapping'
import { NEW_TABLE } from './newTable'

export default function ImportPage() {
  const { data } = useTables()
  const search = new URLSearchParams(useSearch())
  const [, navigate] = useLocation()
  const tables = data?.tables
  if (!tables) return <SkeletonLines count={5} />
  const named = search.get('table') ?? ''
  const table = named === NEW_TABLE ? undefined : (findTable(tables, named) ?? tables[0])

  function address(tableKey: string, run: string | null, made = false): string {
    return `${paths.import(tableKey)}${run ? `&run=${run}` : ''}${made ? '&made=yes' : ''}`
  }

  return (
    <ImportWizard
      tables={tables}
      table={table}
      runId={search.get('run')}
      onTable={(key) => navigate(address(key, null), { replace: true })}
      made={search.has('made')}
      onRun={(run) => navigate(address(table?.key ?? NEW_TABLE, run), { replace: true })}
      onMade={(made, run) => navigate(address(made, run, true), { replace: true })}
      onLeave={() => navigate(table ? paths.table(table.key) : paths.home)}
    />
  )
}
