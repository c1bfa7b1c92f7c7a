/** The grid of one table: toolbar, rows, totals and the open record. */
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useSession, useTables, useUsers } from '../api/queries'
import type { Sort, Table, User } from '../api/types'
import { GridSkeleton } from '../pages/GridSkeleton'
import { useGoToPerson } from '../presence/useGoToPerson'
import { useHereView } from '../presence/useHere'
import { RecordPanel } from '../record/RecordPanel'
import { useWorkspaceState, workspaceFor } from '../store/useWorkspace'
import type { Workspace } from '../store/workspace'
import { fold, foldAll, isFolded, isNarrow, showList, useFolded, useViewMemory } from '../views/memory'
import { UnsavedBar } from '../views/UnsavedBar'
import { findView, useFindView } from '../views/useFindView'
import { useUndoKeys } from '../views/useUndoKeys'
import { useView } from '../views/useView'
import { useViewDeeds } from '../views/useViewDeeds'
import { ViewBar } from '../views/ViewBar'
import { useAnnouncement } from './announce'
import { visibleFields } from './columns'
import { ConflictDialog } from './conflict/ConflictDialog'
import { useFindKey } from './find'
import { wantedTotals } from './footer/aggregates'
import styles from './Grid.module.css'
import { GridBody, type GridHands } from './GridBody'
import { useGroups } from './groups/useGroups'
import { GridModel } from './model'
import { rowColorOf } from './rowColor'
import { MOST_GROUPS } from './toolbar/SortForm'
import { Toolbar } from './toolbar/Toolbar'
import { holder, useFind } from './useFind'
import { useViewCommands } from './useGridCommands'

const CardsBody = lazy(() => import('../views/cards/CardsBody'))

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
  useHereView(workspace, table.id, view)

  const setting = useMemo(
    () => ({
      table,
      tables,
      fields: visibleFields(table, config),
      users: people ?? [],
      zone: session?.settings.time_zone ?? 'UTC',
      groups: view.kind === 'grid' ? living(table, config.groups).slice(0, MOST_GROUPS) : [],
      config,
    }),
    [table, tables, config, people, session, view.kind],
  )
  const query = useMemo(() => {
    const sorts = living(table, config.sorts)
    // A grid shows all rows and marks what was searched for; cards leave out what does not match.
    return { filter: config.filter ?? null, groups: setting.groups, sorts, search: view.kind === 'grid' ? '' : search }
  }, [table, config.filter, config.sorts, search, setting.groups, view.kind])

  const [model] = useState(() => new GridModel(workspace, workspace.openRows(table.id, query), setting))
  model.configure(setting)
  useEffect(() => workspace.attach(model.rows), [workspace, model])
  useEffect(() => model.rows.setQuery(query), [model, query])

  const hands = useRef<GridHands>(undefined)
  const folded = useFolded(user.id, view.id)
  const onFold = useCallback(
    (path: string, closed: boolean) => fold(user.id, view.id, path, closed),
    [user.id, view.id],
  )
  const totals = useMemo(
    () => wantedTotals(setting.fields, table, config.totals),
    [setting.fields, table, config.totals],
  )
  useGroups(model, query, totals, folded)
  const shown = useMemo(() => setting.fields.map((field) => field.id), [setting.fields])
  const reach = useCallback(
    async (place: number, column: (row: number) => number) => {
      const closed = (model.layout?.pathsAt(place) ?? []).filter((path) => isFolded(folded, path))
      for (const path of closed) onFold(path, false)
      await model.rows.ensure(place, place)
      if (closed.length > 0) await new Promise((resolve) => setTimeout(resolve, 50))
      const row = model.rowAt(place) ?? 0
      const col = column(row)
      hands.current?.goTo(col, row)
      return col
    },
    [model, folded, onFold],
  )
  const goTo = useCallback(
    (place: number, text: string) => reach(place, (row) => matchingColumn(model, row, text)),
    [model, reach],
  )
  const reveal = useCallback(
    async (place: number, column: number) => {
      await reach(place, () => column)
      hands.current?.focus()
    },
    [reach],
  )
  const goToPerson = useGoToPerson({ model, reveal: view.kind === 'grid' ? reveal : undefined, openRecord })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new setting brings other fields and options
  const colorOf = useMemo(() => rowColorOf(model, config.color), [model, config.color, setting])
  const found = useFind(model, query, view.kind === 'grid' ? search : '', shown, goTo)
  useFindKey()
  useFindView()
  useUndoKeys(workspace)
  const openView = (id: string) => {
    open.openView(id)
    if (isNarrow()) showList(false)
  }
  const onFoldAll = (all: boolean) => foldAll(user.id, view.id, all)
  useViewCommands({ view, views: tools.views, config, onConfig: open.change, openView, findView, onFoldAll })
  return (
    <div className={styles.whole}>
      <h1 className="visually-hidden">
        {table.name}: {view.name}
      </h1>
      {listed && (
        <ViewBar table={table} user={user} workspace={workspace} current={view} tools={tools} onOpen={openView} />
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
          found={found}
          onFoldAll={onFoldAll}
          onGoToPerson={goToPerson}
          tools={tools}
          listed={listed}
        />
        <UnsavedBar open={open} table={table} workspace={workspace} />
        <div className={styles.stage}>
          {view.kind === 'grid' ? (
            <GridBody
              key={view.id}
              model={model}
              setting={setting}
              config={config}
              onConfig={open.change}
              query={query}
              user={user.id}
              onOpenRecord={openRecord}
              openRecord={record}
              hands={hands}
              found={found}
              onFold={onFold}
              colorOf={colorOf}
            />
          ) : (
            <Suspense fallback={<GridSkeleton />}>
              <CardsBody
                model={model}
                setting={setting}
                view={view}
                user={user.id}
                config={config}
                query={query}
                onConfig={open.change}
                onOpenRecord={openRecord}
                openRecord={record}
                day={open.day}
                onDay={open.setDay}
                hands={hands}
              />
            </Suspense>
          )}
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

/** Sorts and groups by fields that are still there. */
function living(table: Table, levels: readonly Sort[] | undefined): Sort[] {
  const there = new Set(table.fields.filter((field) => field.archived_at === null).map((field) => field.id))
  return (levels ?? []).filter((level) => there.has(level.field))
}

/** The first column of a row that shows the text. */
function matchingColumn(model: GridModel, row: number, text: string): number {
  const holds = holder(text)
  return Math.max(
    0,
    model.setting.fields.findIndex((_, col) => holds(model.text(col, row))),
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
