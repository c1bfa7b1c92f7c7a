/** One tab a table, in the team's order, and the way to a new one. */
import { FileUp, Plus } from 'lucide-react'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useSession, useTables } from '../api/queries'
import type { Table } from '../api/types'
import { announce } from '../grid/announce'
import { paths } from '../pages/paths'
import { useLiveWorkspace } from '../store/useLive'
import type { Workspace } from '../store/workspace'
import { Skeleton } from '../ui/Feedback'
import { Menu, MenuItem } from '../ui/Menu'
import { NamePrompt } from '../views/NamePrompt'
import styles from './Frame.module.css'
import { later, type TableDeeds } from './TableMenu'
import { TableTab } from './TableTab'
import { changeTable, deleteTable, freeTableName, makeTable, placeOf } from './tableActions'

export function TableTabs({ current }: { current?: string }) {
  const { data } = useTables()
  const { data: session } = useSession()
  const workspace = useLiveWorkspace()
  const tables = [...(data?.tables ?? [])].sort((a, b) => a.position - b.position)
  return (
    <>
      <Link href={paths.home} className={styles.mark} aria-label={session?.settings.name || 'Venture CRM'}>
        <img src="/favicon.svg" alt="" className={styles.logo} />
        <span className={styles.teamName}>{session?.settings.name || 'Venture CRM'}</span>
      </Link>
      <nav className={styles.tabs} aria-label="Tables">
        {data && workspace ? (
          <Tabs tables={tables} current={current} workspace={workspace} />
        ) : (
          [72, 64, 56, 92].map((width) => <Skeleton key={width} width={width} height={20} className={styles.tab} />)
        )}
      </nav>
    </>
  )
}

interface TabsProps {
  tables: Table[]
  current?: string
  workspace: Workspace
}

function Tabs({ tables, current, workspace }: TabsProps) {
  const [, navigate] = useLocation()
  const [renaming, setRenaming] = useState<string>()
  const [asking, setAsking] = useState(false)

  const place = (moved: Table, before: Table | undefined) =>
    changeTable(workspace, moved, { position: placeOf(tables, moved, before) }, `Move ${moved.name}`)
  const drop = (id: string, target: Table, side: 'left' | 'right') => {
    const moved = tables.find((table) => table.id === id)
    if (moved && moved !== target) place(moved, side === 'left' ? target : tables[tables.indexOf(target) + 1])
  }
  const step = (table: Table, by: -1 | 1) => {
    const at = tables.indexOf(table)
    place(table, tables[by === -1 ? at - 1 : at + 2])
    announce(`${table.name} moved ${by === -1 ? 'left' : 'right'}`)
  }
  const deedsOf = (table: Table): TableDeeds => ({
    rename: () => setRenaming(table.id),
    step: (by) => step(table, by),
    first: table === tables[0],
    last: table === tables.at(-1),
    add: () => setAsking(true),
    remove: () => deleteTable(workspace, table, navigate),
  })
  const rename = (table: Table, name: string) => {
    setRenaming(undefined)
    if (name !== table.name) changeTable(workspace, table, { name }, `Rename ${table.name}`)
  }
  return (
    <>
      {tables.map((table) => (
        <TableTab
          key={table.id}
          table={table}
          open={current === table.key || current === table.id}
          renaming={renaming === table.id}
          deeds={deedsOf(table)}
          onRename={(name) => rename(table, name)}
          onDrop={(moved, side) => drop(moved, table, side)}
        />
      ))}
      <Menu
        label="New table"
        trigger={
          <button type="button" className={styles.tabAdd} aria-label="New table" title="New table">
            <Plus size={15} aria-hidden="true" />
          </button>
        }
      >
        <MenuItem icon={<Plus size={14} />} onSelect={() => later(() => setAsking(true))}>
          Empty table…
        </MenuItem>
        <MenuItem icon={<FileUp size={14} />} onSelect={() => navigate(paths.import('new'))}>
          From a CSV file…
        </MenuItem>
      </Menu>
      {asking && (
        <NamePrompt
          title="New table"
          label="Name"
          start={freeTableName(tables)}
          action="Create table"
          onClose={() => setAsking(false)}
          onDone={(name) => void makeTable(workspace, name, navigate)}
        />
      )}
    </>
  )
}
