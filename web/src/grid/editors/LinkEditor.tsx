/** Picks records of another table by searching it, or adds one there. */
import { useEffect, useState } from 'react'
import { api, explain } from '../../api/client'
import type { QueryAnswer } from '../../api/types'
import { toast } from '../../shell/toasts'
import { listOf } from '../kinds/choices'
import styles from './Editors.module.css'
import type { EditorProps } from './editor'
import { ListEditor, type ListItem } from './ListEditor'

const SHOWN = 40
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
  const [text, setText] = useState(seed ?? '')
  const [found, setFound] = useState<{ text: string; items: ListItem[] }>()

  useEffect(() => {
    if (!table) return
    const flight = new AbortController()
    const timer = setTimeout(
      async () => {
        try {
          const request = { search: text.trim(), fields: [table.primary_field], limit: SHOWN }
          const answer = await api.post<QueryAnswer>(`/api/tables/${table.id}/query`, request, {
            signal: flight.signal,
          })
          const items = answer.ids.map((id, row) => ({
            id,
            label: String(answer.columns[0]?.[row] ?? 'Unnamed record'),
          }))
          for (const item of items) workspace.names.set(item.id, item.label)
          setFound({ text, items })
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

  const one = table?.name_one.toLowerCase() ?? 'record'
  return (
    <ListEditor
      label={field.name}
      at={at}
      seed={seed ?? ''}
      many={field.options.many !== false}
      chosen={listOf(value)}
      items={found?.text === text ? found.items : undefined}
      onSearch={setText}
      show={(id) => <span className={styles.chip}>{context.nameOf(id) ?? '…'}</span>}
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
      commit={(ids, move) => commit(ids, move)}
      cancel={cancel}
      onLeave={onLeave}
    />
  )
}
