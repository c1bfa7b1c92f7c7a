/** Which fields the view shows. */
import { useState } from 'react'
import { Button } from '../../ui/Button'
import { Input } from '../../ui/Field'
import { Switch } from '../../ui/Switch'
import { orderedFields } from '../columns'
import { KindIcon } from '../kinds/KindIcon'
import type { ViewProps } from './Toolbar'
import styles from './Toolbar.module.css'

export function FieldList({ setting, config, onConfig }: ViewProps) {
  const [text, setText] = useState('')
  const fields = orderedFields(setting.table, config)
  const hidden = new Set(config.hidden ?? [])
  const shown = fields.filter((field) => field.name.toLowerCase().includes(text.trim().toLowerCase()))
  const set = (id: string, visible: boolean) => {
    const next = new Set(hidden)
    if (visible) next.delete(id)
    else next.add(id)
    onConfig({ hidden: [...next] })
  }
  return (
    <>
      <Input value={text} onChange={setText} placeholder="Find a field" aria-label="Find a field" />
      <div className={styles.list}>
        {shown.map((field) => (
          <div key={field.id} className={styles.item}>
            <Switch
              label={`Show ${field.name}`}
              checked={field.primary || !hidden.has(field.id)}
              disabled={field.primary}
              onChange={(visible) => set(field.id, visible)}
            />
            <KindIcon kind={field.kind} />
            <span className={styles.itemName}>{field.name}</span>
          </div>
        ))}
      </div>
      <div className={styles.foot}>
        <Button
          size="small"
          onClick={() => onConfig({ hidden: fields.filter((field) => !field.primary).map((field) => field.id) })}
        >
          Hide all
        </Button>
        <Button size="small" onClick={() => onConfig({ hidden: [] })}>
          Show all
        </Button>
      </div>
    </>
  )
}
