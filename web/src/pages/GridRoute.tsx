/** Finds the table an address names and hands it to the grid. */
import { type ComponentType, lazy, Suspense } from 'react'
import { useTables } from '../api/queries'
import type { Table } from '../api/types'

/** What the grid page is given; it reads the rest through api/queries. */
export interface GridPageProps {
  table: Table
  tables: Table[]
  /** The record whose panel is open, by the address. */
  record?: string
}

const found = import.meta.glob<{ GridPage: ComponentType<GridPageProps> }>('../grid/GridPage.tsx')
const load = found['../grid/GridPage.tsx']
const GridPage = lazy(async () => (load ? { default: (await load()).GridPage } : { default: () => null }))

export function GridRoute({ table: name, record }: { table?: string; record?: string }) {
  const { data } = useTables()
  const tables = data?.tables ?? []
  const table = name ? tables.find((item) => item.key === name || item.id === name) : tables[0]
  if (!table) return null
  return (
    <Suspense fallback={null}>
      <GridPage key={table.id} table={table} tables={tables} record={record} />
    </Suspense>
  )
}
