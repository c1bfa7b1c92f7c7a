/** Records to compare a link with, found by searching the linked table. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client'
import type { QueryAnswer, RecordId, Table } from '../../api/types'
import type { Workspace } from '../../store/workspace'
import { Checkbox } from '../../ui/Checkbox'
import { Input } from '../../ui/Field'
import { Popover } from '../../ui/Popover'
import type { KindContext } from '../kinds'
import styles from './Toolbar.module.css'

interface RecordValuesProps {
  context: KindContext
  workspace: Workspace
  tables: readonly Table[]
  chosen: readonly RecordId[]
  onChange: (value: unknown) => void
}

const SHOWN = 50

export function RecordValues({ context, workspace, tables, chosen, onChange }: RecordValuesProps) {
  const [text, setText] = useState('')
  const table = tables.find((one) => one.id === context.field.options.table)
  const { data } = useQuery({
    queryKey: ['records', table?.id, text.trim()],
    queryFn: async ({ signal }) => {
      if (!table) return []
      const request = { search: text.trim(), fields: [table.primary_field], limit: SHOWN }
      const answer = await api.post<QueryAnswer>(`/api/tables/${table.id}/query`, request, { signal })
      const found = answer.ids.map((id, row) => [id, String(answer.columns[0]?.[row] ?? 'Unnamed record')] as const)
      workspace.learn(Object.fromEntries(found))
      return found
    },
    placeholderData: (old) => old,
    gcTime: 10_000,
  })
  const nameOf = (id: RecordId) => workspace.names.get(id) ?? '…'
  const shown = [
    ...chosen.map((id) => [id, nameOf(id)] as const),
    ...(data ?? []).filter(([id]) => !chosen.includes(id)),
  ]
  return (
    <Popover
      label="Records"
      className={styles.records}
      trigger={
        <button type="button" className={styles.many}>
          {chosen.length === 0 ? 'Choose…' : chosen.map(nameOf).join(', ')}
        </button>
      }
    >
      <Input value={text} onChange={setText} placeholder="Find a record" aria-label="Find a record" />
      <div className={styles.list}>
        {shown.map(([id, name]) => (
          <div key={id} className={styles.item}>
            <Checkbox
              label={name}
              checked={chosen.includes(id)}
              onChange={(on) => onChange(on ? [...chosen, id] : chosen.filter((one) => one !== id))}
            />
            <span className={styles.itemName} aria-hidden="true">
              {name}
            </span>
          </div>
        ))}
      </div>
    </Popover>
  )
}
