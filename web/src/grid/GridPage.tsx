/** The grid of one table: toolbar, rows, totals and the open record. */
import { useEffect, useMemo, useRef, useState } from 'react'
import { useSession, useTables, useUsers } from '../api/queries'
import type { Table, User } from '../api/types'
import { GridSkeleton } from '../pages/GridSkeleton'
import { RecordPanel } from '../record/RecordPanel'
import { useWorkspaceState, workspaceFor } from '../store/useWorkspace'
import type { Workspace } from '../store/workspace'
import { useViewMemory } from '../views/memory'
import { UnsavedBar } from '../views/UnsavedBar'
import { useView } from '../views/useView'
import { useViewDeeds } from '../views/useViewDeeds'
import { ViewBar } from '../views/ViewBar'
import { useAnnouncement } from './announce'
import { visibleFields } from './columns'
import { ConflictDialog } from './conflict/ConflictDialog'
import { useFindKey } from './find'
import styles from './Grid.module.css'
import { GridBody, type GridHands } from './GridBody'
import { GridModel } from './model'
import { Toolbar } from './toolbar/Toolbar'

interface GridPageProps {
  table: Table
  tables: Table[]
  record?: string
}

export function GridPage(props: GridPageProps) {
  const { data: session } = useSession()
  const { data: tables } = useTables()
  const user = session?.user
  const version = tables?.version
  const workspace = useMemo(
    () => (user && version !== undefined ? workspaceFor(user.id, version) : undefined),
    [user, version],
  )
  return workspace && user ? <LoadedGrid {...props} user={user} workspace={workspace} /> : <GridSkeleton />
}

function LoadedGrid({ table, tables, record, user, workspace }: GridPageProps & { user: User; workspace: Workspace }) {
  const { data: session } = useSession()
  const { data: people } = useUsers()
  const open = useView(table, user.id, workspace, record)
  const { view, config, search, openRecord } = open
  const tools = useViewDeeds(table, user, workspace, open.openView)
  const listed = useViewMemory((state) => state.listed)
  useWorkspaceState(workspace)

  const setting = useMemo(
    () => ({
      table,
      tables,
      fields: visibleFields(table, config),
      users: people ?? [],
      zone: session?.settings.time_zone ?? 'UTC',
    }),
    [table, tables, config, people, session],
  )
  const query = useMemo(() => {
    const living = new Set(table.fields.filter((field) => field.archived_at === null).map((field) => field.id))
    const sorts = (config.sorts ?? []).filter((sort) => living.has(sort.field))
    return { filter: config.filter ?? null, sorts, search }
  }, [table, config.filter, config.sorts, search])

  const [model] = useState(() => new GridModel(workspace, workspace.openRows(table.id, query), setting))
  model.configure(setting)
  useEffect(() => workspace.attach(model.rows), [workspace, model])
  useEffect(() => model.rows.setQuery(query), [model, query])

  const hands = useRef<GridHands>(undefined)
  useFindKey()
  return (
    <div className={styles.whole}>
      {listed && (
        <ViewBar table={table} user={user} workspace={workspace} current={view} tools={tools} onOpen={open.openView} />
      )}
      <div className={styles.page}>
        <Toolbar
          model={model}
          setting={setting}
          view={view}
          config={config}
          onConfig={open.change}
          search={search}
          onSearch={open.setSearch}
          hands={hands}
          tools={tools}
          listed={listed}
        />
        <UnsavedBar open={open} table={table} workspace={workspace} />
        <div className={styles.stage}>
          <GridBody
            model={model}
            setting={setting}
            config={config}
            onConfig={open.change}
            query={query}
            onOpenRecord={openRecord}
            openRecord={record}
            hands={hands}
          />
          {record !== undefined && (
            <RecordPanel key={record} model={model} setting={setting} id={record} open={openRecord} />
          )}
        </div>
      </div>
      <ConflictDialog model={model} />
      <Announcements />
    </div>
  )
}

function Announcements() {
  const { text } = useAnnouncement()
  return (
    <div className="visually-hidden" aria-live="polite">
      {text}
    </div>
  )
}
