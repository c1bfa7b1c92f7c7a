/** Only some of the linked records: the conditions of the grid's own filter, over the other table. */
import { useState } from 'react'
import type { Filter, Table } from '../../api/types'
import { Switch } from '../../ui/Switch'
import type { GridModel, Setting } from '../model'
import { FilterForm } from '../toolbar/FilterForm'
import styles from './Fields.module.css'

interface LinkedFilterProps {
  model: GridModel
  setting: Setting
  table: Table
  filter: Filter | null
  onChange: (filter: Filter | null) => void
}

export function LinkedFilter({ model, setting, table, filter, onChange }: LinkedFilterProps) {
  const [on, setOn] = useState(filter !== null)
  const label = `Only ${table.name.toLowerCase()} that meet conditions`
  return (
    <div className={styles.linked}>
      <span className={styles.toggle}>
        <Switch
          checked={on}
          onChange={(next) => {
            setOn(next)
            if (!next) onChange(null)
          }}
          label={label}
        />
        <span aria-hidden="true">{label}</span>
      </span>
      {on && (
        <div className={styles.conditions}>
          <FilterForm
            key={table.id}
            model={model}
            setting={{ ...setting, table, fields: table.fields }}
            config={{ filter }}
            onConfig={(patch) => onChange(patch.filter ?? null)}
          />
        </div>
      )}
    </div>
  )
}
