/** The grid of one table: toolbar, rows, totals and the open record. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { useSession, useTables, useUsers } from '../api/queries'
import type { Table } from '../api/types'
import { GridSkeleton } from '../pages/GridSkeleton'
import { paths } from '../pages/paths'
import { RecordPanel } from '../record/RecordPanel'
import { useWorkspaceState, workspaceFor } from '../store/useWorkspace'
import type { Workspace } from '../store/workspace'
import { useAnnouncement } from './announce'
import { visibleFields } from './columns'
import { ConflictDialog } from './conflict/ConflictDialog'
import { useFindKey } from './find'
import styles from './Grid.module.css'
import { GridBody, type GridHands } from './GridBody'
import { GridModel } from './model'
import { Toolbar } from './toolbar/Toolbar'
import { useViewConfig } from './useViewConfig'

interface GridPageProps {
  table: Table
  tables: Table[]
  record?: string
}

export function GridPage(props: GridPageProps) {
  const { data: session } = useSession()
  const { data: tables } = useTables()
  const user = session?.user?.id
  const version = tables?.version
  const workspace = useMemo(
    () => (user === undefined || version === undefined ? undefined : workspaceFor(user, version)),
    [user, version],
  )
  return workspace ? <LoadedGrid {...props} workspace={workspace} /> : <GridSkeleton />
}

function LoadedGrid({ table, tables, record, workspace }: GridPageProps & { workspace: Workspace }) {
  const { data: session } = useSession()
  const { data: people } = useUsers()
  const [, navigate] = useLocation()
  const view = useMemo(
    () => table.views.filter((one) => one.deleted_at === null).sort((a, b) => a.position - b.position)[0],
    [table],
  )
  const [config, changeConfig] = useViewConfig(view, workspace)
  const [search, setSearch] = useState('')
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

  const openRecord = useCallback(
    (id: string | undefined) => navigate(id === undefined ? paths.table(table.key) : paths.record(table.key, id)),
    [navigate, table.key],
  )
  const hands = useRef<GridHands>(undefined)
  useFindKey()
  return (
    <div className={styles.page}>
      <Toolbar
        model={model}
        setting={setting}
        view={view}
        config={config}
        onConfig={changeConfig}
        search={search}
        onSearch={setSearch}
        hands={hands}
      />
      <div className={styles.stage}>
        <GridBody
          model={model}
          setting={setting}
          config={config}
          onConfig={changeConfig}
          query={query}
          onOpenRecord={openRecord}
          openRecord={record}
          hands={hands}
        />
        {record !== undefined && (
          <RecordPanel key={record} model={model} setting={setting} id={record} open={openRecord} />
        )}
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
