/** Finds the table an address names and hands it to the grid. */
import { Table2 } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useSearch } from 'wouter'
import { explain } from '../api/client'
import { useTables } from '../api/queries'
import type { Table } from '../api/types'
import { Frame } from '../shell/Frame'
import { Button } from '../ui/Button'
import { EmptyState, Notice } from '../ui/Feedback'
import { GridSkeleton } from './GridSkeleton'
import { NotFoundPage } from './NotFoundPage'

/** What the grid page is given; it reads the rest through api/queries. */
export interface GridPageProps {
  table: Table
  tables: Table[]
  /** The record whose panel is open, by the address. */
  record?: string
}

const PastPage = lazy(() => import('../past/PastPage'))
const GridPage = lazy(async () => ({ default: (await import('../grid/GridPage')).GridPage }))

export function GridRoute({ table: name, record }: { table?: string; record?: string }) {
  const { data, error, refetch } = useTables()
  const asked = new URLSearchParams(useSearch())
  const asOf = asked.get('as_of')
  const tables = data?.tables ?? []
  const table = name ? tables.find((item) => item.key === name || item.id === name) : tables[0]
  return (
    <Frame table={table?.key} title={table?.name ?? 'Grid'}>
      {table ? (
        <Suspense fallback={<GridSkeleton />}>
          {asOf ? (
            <PastPage key={table.id} now={table} asOf={asOf} view={asked.get('view')} />
          ) : (
            <GridPage key={table.id} table={table} tables={tables} record={record} />
          )}
        </Suspense>
      ) : data ? (
        <NotFoundPage what="table" />
      ) : error ? (
        <EmptyState
          icon={<Table2 size={20} />}
          title="The tables could not be read"
          text={<Notice tone="danger">{explain(error)}</Notice>}
          actions={<Button onClick={() => void refetch()}>Try again</Button>}
        />
      ) : (
        <GridSkeleton />
      )}
    </Frame>
  )
}
