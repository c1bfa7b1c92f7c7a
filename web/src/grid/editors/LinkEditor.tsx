/** Picks records of another table by searching it, or adds one there. */
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { explain } from '../../api/client'
import { paths } from '../../pages/paths'
import { toast } from '../../shell/toasts'
import { listOf } from '../kinds/choices'
import styles from './Editors.module.css'
import type { EditorProps } from './editor'
import { ListEditor, type ListItem } from './ListEditor'
import { type Candidate, findRecords, recentOf, remember } from './linkSearch'
import { movesBetween } from './order'

const PAUSE = 120

export function LinkEditor({
  field,
  context,
  value,
  seed,
  at,
  tables,
  workspace,
  commit,
  cancel,
  onLeave,
}: EditorProps) {
  const table = tables.find((one) => one.id === field.options.table)
  const [, navigate] = useLocation()
  const [text, setText] = useState(seed ?? '')
  const [found, setFound] = useState<{ text: string; items: Candidate[] }>()
  const asked = useRef(context)
  asked.current = context

  useEffect(() => {
    if (!table) return
    const flight = new AbortController()
    const timer = setTimeout(
      async () => {
        try {
          const asking = { table, text: text.trim(), context: asked.current, workspace, signal: flight.signal }
          setFound({ text, items: await findRecords(asking) })
        } catch (error) {
          if (flight.signal.aborted) return
          setFound({ text, items: [] })
          toast({ text: `${table.name} could not be searched`, detail: explain(error), tone: 'danger' })
        }
      },
      text === '' ? 0 : PAUSE,
    )
    return () => {
      clearTimeout(timer)
      flight.abort()
    }
  }, [table, text, workspace])

  const items =
    found?.text === text ? listed(found.items, table && text.trim() === '' ? recentOf(table.id) : []) : undefined
  const one = table?.name_one.toLowerCase() ?? 'record'
  return (
    <ListEditor
      label={field.name}
      at={at}
      seed={seed ?? ''}
      many={field.options.many !== false}
      chosen={listOf(value)}
      items={items}
      onSearch={setText}
      show={(id) => <span className={styles.chip}>{context.nameOf(id) ?? '…'}</span>}
      nameOf={(id) => context.nameOf(id) ?? 'Record'}
      {...(table
        ? {
            open: (id: string, leave: () => void) => {
              leave()
              navigate(paths.record(table.key, workspace.queue.realId(id)))
            },
          }
        : {})}
      create={
        table && {
          label: (name) => `Add ${one} “${name}”`,
          run: (name) => {
            const [id] = workspace.create(table.id, [{ [table.primary_field]: name }], { row: 0 }, `Add ${one}`)
            if (id) workspace.names.set(id, name)
            return id ?? ''
          },
        }
      }
      empty={`No ${one} by that name.`}
      commit={(ids, move) => {
        for (const item of found?.items ?? []) if (table && ids.includes(item.id)) remember(table.id, item)
        const order = table && field.options.backwards ? movesBetween(table.id, listOf(value), ids) : []
        commit(ids, move, order.length > 0 ? order : undefined)
      }}
      cancel={cancel}
      onLeave={onLeave}
    />
  )
}

/** Those picked lately first, under a heading of their own; each record once. */
function listed(found: readonly Candidate[], recent: readonly Candidate[]): ListItem[] {
  const known = new Set(recent.map(({ id }) => id))
  return [
    ...recent.map((one) => row(one, 'Recent')),
    ...found.filter(({ id }) => !known.has(id)).map((one) => row(one, recent.length > 0 ? 'All' : undefined)),
  ]
}

function row({ id, name, about }: Candidate, group: string | undefined): ListItem {
  const node = (
    <span className={styles.record}>
      <span className={styles.recordName}>{name}</span>
      {about && <span className={styles.about}>{about}</span>}
    </span>
  )
  return { id, label: name, node, ...(group ? { group } : {}) }
}
