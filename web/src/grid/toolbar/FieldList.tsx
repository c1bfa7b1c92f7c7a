/** Which fields the view shows and in which order: switches to hide them, handles (or Alt and arrows) to move them. */
import { GripVertical } from 'lucide-react'
import { type DragEvent, type KeyboardEvent, useState } from 'react'
import type { Field } from '../../api/types'
import { Button } from '../../ui/Button'
import { cx } from '../../ui/classes'
import { Input } from '../../ui/Field'
import { Switch } from '../../ui/Switch'
import { announce } from '../announce'
import { moved, orderedFields } from '../columns'
import { KindIcon } from '../kinds/KindIcon'
import type { ViewProps } from './Toolbar'
import styles from './Toolbar.module.css'

const DRAGGED = 'application/x-crm-field'

export function FieldList({ setting, config, onConfig }: ViewProps) {
  const [text, setText] = useState('')
  const [over, setOver] = useState<string>()
  const fields = orderedFields(setting.table, config)
  const ids = fields.map((field) => field.id)
  const hidden = new Set(config.hidden ?? [])
  const shown = fields.filter((field) => field.name.toLowerCase().includes(text.trim().toLowerCase()))
  const set = (id: string, visible: boolean) => {
    const next = new Set(hidden)
    if (visible) next.delete(id)
    else next.add(id)
    onConfig({ hidden: [...next] })
  }
  const move = (from: number, to: number) => {
    if (from > 0 && to > 0 && to < ids.length && from !== to) onConfig({ order: moved(ids, ids, from, to) })
  }
  const onKeyDown = (event: KeyboardEvent, field: Field) => {
    const by = event.altKey && { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (!by) return
    event.preventDefault()
    const from = ids.indexOf(field.id)
    move(from, from + by)
    announce(`${field.name} moved ${by < 0 ? 'up' : 'down'}`)
  }
  const drop = (event: DragEvent, field: Field) => {
    event.preventDefault()
    setOver(undefined)
    move(ids.indexOf(event.dataTransfer.getData(DRAGGED)), ids.indexOf(field.id))
  }
  const own = fields.filter((field) => !field.primary)
  return (
    <>
      <Input value={text} onChange={setText} placeholder="Find a field" aria-label="Find a field" />
      <ul className={styles.list} aria-label="Fields">
        {shown.map((field) => (
          <li
            key={field.id}
            className={cx(styles.item, over === field.id && styles.over)}
            onKeyDown={(event) => onKeyDown(event, field)}
            onDragOver={(event) => {
              if (field.primary || !event.dataTransfer.types.includes(DRAGGED)) return
              event.preventDefault()
              setOver(field.id)
            }}
            onDragLeave={() => setOver(undefined)}
            onDrop={(event) => drop(event, field)}
          >
            <Switch
              label={`Show ${field.name}`}
              checked={field.primary || !hidden.has(field.id)}
              disabled={field.primary}
              onChange={(visible) => set(field.id, visible)}
            />
            <KindIcon kind={field.kind} />
            <span className={styles.itemName}>{field.name}</span>
            {!field.primary && text === '' && (
              <span
                className={styles.grip}
                draggable
                aria-hidden="true"
                title="Drag, or press Alt and an arrow on the switch"
                onDragStart={(event) => event.dataTransfer.setData(DRAGGED, field.id)}
              >
                <GripVertical size={14} />
              </span>
            )}
          </li>
        ))}
      </ul>
      <div className={styles.foot}>
        <Button size="small" onClick={() => onConfig({ hidden: own.map((field) => field.id) })}>
          Hide all
        </Button>
        <Button size="small" onClick={() => onConfig({ hidden: [] })}>
          Show all
        </Button>
      </div>
    </>
  )
}
