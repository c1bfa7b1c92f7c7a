/** The view on show: which one the address names, what it holds with the person's unsaved changes, and how it changes. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { queryClient, tablesKey } from '../api/queries'
import type { RecordId, Table, UserId, View, ViewConfig } from '../api/types'
import { paths } from '../pages/paths'
import { toast } from '../shell/toasts'
import type { Workspace } from '../store/workspace'
import { draftOf, keepDraft, lastView, noteView, useDraft } from './memory'
import { differing, parted, read, type Sharing, sharingOf, written } from './viewState'

const PAUSE = 300

export interface OpenView {
  readonly view: View
  readonly sharing: Sharing
  readonly config: ViewConfig
  /** The person's unsaved changes, if any. */
  readonly unsaved: ViewConfig | undefined
  readonly change: (patch: ViewConfig) => void
  readonly saveForAll: () => void
  readonly discard: () => void
  readonly search: string
  /** The day a calendar shows, as the address has it. */
  readonly day: string | undefined
  readonly setDay: (day: string | undefined) => void
  readonly setSearch: (text: string) => void
  readonly openView: (id: string) => void
  readonly openRecord: (id: RecordId | undefined) => void
}

/** Views in the order of the list. */
export function livingViews(table: Table): View[] {
  return table.views.filter((one) => one.deleted_at === null).sort((a, b) => a.position - b.position)
}

export function useView(table: Table, user: UserId, workspace: Workspace, record: RecordId | undefined): OpenView {
  const [, navigate] = useLocation()
  const asked = new URLSearchParams(useSearch())
  const [named, given, search] = [asked.get('view'), asked.get('with'), asked.get('q') ?? '']
  const day = asked.get('day') ?? undefined
  const views = livingViews(table)
  const last = lastView(user, table.id)
  const found = views.find((one) => one.id === named)
  const view = (found ?? views.find((one) => one.id === last) ?? views[0]) as View
  const missing = named !== null && !found

  useEffect(() => {
    if (missing) toast({ text: 'That view is not there', detail: 'It was deleted, or it is somebody’s personal view.' })
  }, [missing])
  useEffect(() => noteView(user, table.id, view.id), [user, table.id, view.id])

  // Unsaved changes that came with a link are taken over; afterwards the address follows them. What this page itself
  // wrote into the address is not a link: taking it for one would set two drafts against each other for ever.
  const own = useRef('')
  const taking = useRef(false)
  useEffect(() => {
    const sent = missing || own.current === `${view.id}/${given}` ? undefined : read(given)
    if (!sent) return
    own.current = `${view.id}/${given}`
    taking.current = given !== written(draftOf(user, view.id))
    if (taking.current) keepDraft(user, view.id, sent)
  }, [given, missing, user, view.id])
  const kept = useDraft(user, view.id)
  const [stored, put] = useStored(view, workspace)
  const unsaved = useMemo(() => differing(kept, stored), [kept, stored])
  const config = useMemo(() => ({ ...stored, ...unsaved }), [stored, unsaved])

  const word = written(unsaved)
  const place = useMemo(
    () => ({ table: table.key, view: view.id, word, search, day }),
    [table.key, view.id, word, search, day],
  )
  const address = addressOf({ ...place, record })
  // Also the start page and the address of a table alone become one that can be sent to a colleague.
  useEffect(() => {
    const waits = taking.current
    taking.current = false
    if (waits || window.location.pathname + window.location.search === address) return
    own.current = `${view.id}/${word}`
    navigate(address, { replace: true })
  }, [address, navigate, view.id, word])

  const change = useCallback(
    (patch: ViewConfig) => {
      const parts = parted(view, patch)
      if (Object.keys(parts.own).length > 0) keepDraft(user, view.id, { ...draftOf(user, view.id), ...parts.own })
      if (Object.keys(parts.stored).length > 0) put(parts.stored)
    },
    [view, user, put],
  )
  const discard = useCallback(() => keepDraft(user, view.id, undefined), [user, view.id])
  const saveForAll = useCallback(() => {
    const config = draftOf(user, view.id)
    if (!config) return
    put(config, `Save ${view.name}`)
    keepDraft(user, view.id, undefined)
    toast({ text: `${view.name} is saved for everyone`, tone: 'success' })
  }, [user, view.id, view.name, put])

  const setSearch = useCallback(
    (text: string) => navigate(addressOf({ ...place, record, search: text }), { replace: true }),
    [navigate, place, record],
  )
  const setDay = useCallback(
    (to: string | undefined) => navigate(addressOf({ ...place, record, day: to }), { replace: true }),
    [navigate, place, record],
  )
  const openView = useCallback(
    (id: string) => navigate(addressOf({ table: table.key, view: id })),
    [navigate, table.key],
  )
  const openRecord = useCallback(
    (id: RecordId | undefined) => navigate(addressOf({ ...place, record: id })),
    [navigate, place],
  )
  return {
    ...{ view, sharing: sharingOf(view), config, unsaved, change, saveForAll, discard },
    ...{ search, setSearch, day, setDay, openView, openRecord },
  }
}

interface Place {
  table: string
  view: string
  record?: RecordId | undefined
  /** Unsaved changes, as one word. */
  word?: string
  search?: string
  day?: string | undefined
}

function addressOf({ table, view, record, word, search, day }: Place): string {
  const query = new URLSearchParams({ view })
  if (search) query.set('q', search)
  if (day) query.set('day', day)
  if (word) query.set('with', word)
  return `${record === undefined ? paths.table(table) : paths.record(table, record)}?${query}`
}

/** What the view holds, with own changes on top until the server's answer is here. */
function useStored(view: View, workspace: Workspace): [ViewConfig, (patch: ViewConfig, label?: string) => void] {
  const [changes, setChanges] = useState<{ view: string; patch: ViewConfig }>({ view: view.id, patch: {} })
  const waiting = useRef<{ view: string; patch: ViewConfig; timer: ReturnType<typeof setTimeout> }>(undefined)
  const patch = changes.view === view.id ? changes.patch : undefined
  const text = JSON.stringify(view.config)
  const config = useMemo((): ViewConfig => ({ ...(JSON.parse(text) as ViewConfig), ...patch }), [text, patch])

  /** Sends what was gathered; what is on show stays until the tables were read again. */
  const send = useCallback(
    async (label?: string) => {
      const now = waiting.current
      if (!now) return
      clearTimeout(now.timer)
      waiting.current = undefined
      const ops = [{ op: 'update_view' as const, view: now.view, set: { config: now.patch } }]
      await (label === undefined ? workspace.sendQuietly(ops) : workspace.sendAndWait(ops, label))
      await queryClient.invalidateQueries({ queryKey: tablesKey })
      if (waiting.current === undefined) setChanges((old) => (old.view === now.view ? { ...old, patch: {} } : old))
    },
    [workspace],
  )
  const put = useCallback(
    (next: ViewConfig, label?: string) => {
      setChanges((old) => ({ view: view.id, patch: { ...(old.view === view.id ? old.patch : {}), ...next } }))
      const before = waiting.current
      if (before && before.view !== view.id) void send()
      else if (before) clearTimeout(before.timer)
      const gathered = { ...waiting.current?.patch, ...next }
      waiting.current = { view: view.id, patch: gathered, timer: setTimeout(() => void send(), PAUSE) }
      if (label !== undefined) void send(label)
    },
    [view.id, send],
  )
  useEffect(() => () => void send(), [send])
  return [config, put]
}
