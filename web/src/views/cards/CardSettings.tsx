/** What a kanban or calendar is made by: its field, and whether empty stacks are shown. */
import { CalendarRange, Columns3 } from 'lucide-react'
import type { Field, Table, View, ViewConfig } from '../../api/types'
import { KindIcon } from '../../grid/kinds/KindIcon'
import { Field as Labelled } from '../../ui/Field'
import { Select } from '../../ui/Select'
import { Switch } from '../../ui/Switch'
import styles from '../Views.module.css'
import { dayFields, stackFields } from '../viewKinds'

interface CardSettingsProps {
  view: View
  table: Table
  config: ViewConfig
  onConfig: (patch: ViewConfig) => void
}

/** The name of the tool in the toolbar; undefined for kinds without settings of their own. */
export function settingsLabel({ view, table, config }: Pick<CardSettingsProps, 'view' | 'table' | 'config'>) {
  const named = (id: string | null | undefined) => table.fields.find((field) => field.id === id)?.name ?? '…'
  if (view.kind === 'kanban') return { label: `Stacked by ${named(config.stack)}`, icon: <Columns3 size={14} /> }
  if (view.kind === 'calendar') return { label: `Days by ${named(config.date)}`, icon: <CalendarRange size={14} /> }
  return undefined
}

export function CardSettings({ view, table, config, onConfig }: CardSettingsProps) {
  const options = (fields: readonly Field[]) =>
    fields.map((field) => ({ value: field.id, label: field.name, icon: <KindIcon kind={field.kind} /> }))
  if (view.kind === 'calendar') {
    return (
      <Labelled label="Days by">
        <Select
          value={config.date ?? null}
          onChange={(date) => onConfig({ date })}
          options={options(dayFields(table))}
        />
      </Labelled>
    )
  }
  return (
    <div className={styles.form}>
      <Labelled label="Stacked by">
        <Select
          value={config.stack ?? null}
          onChange={(stack) => onConfig({ stack })}
          options={options(stackFields(table))}
        />
      </Labelled>
      <span className={styles.switch}>
        <Switch
          label="Hide empty stacks"
          checked={config.hide_empty === true}
          onChange={(hide_empty) => onConfig({ hide_empty })}
        />
        <span aria-hidden="true">Hide empty stacks</span>
      </span>
    </div>
  )
}
