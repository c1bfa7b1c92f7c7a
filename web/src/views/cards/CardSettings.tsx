/** What a view of cards is made by: stacks or days, the cover of its cards, and whether empty stacks are shown. */
import { CalendarRange, Columns3, Image } from 'lucide-react'
import type { Field, Table, View, ViewConfig } from '../../api/types'
import { KindIcon } from '../../grid/kinds/KindIcon'
import { Field as Labelled } from '../../ui/Field'
import { Segments } from '../../ui/Segments'
import { Select } from '../../ui/Select'
import { Switch } from '../../ui/Switch'
import styles from '../Views.module.css'
import { coverFields, coverOf, dayFields, stackFields } from '../viewKinds'

interface CardSettingsProps {
  view: View
  table: Table
  config: ViewConfig
  onConfig: (patch: ViewConfig) => void
}

/** The name of the tool in the toolbar; undefined for a grid. */
export function settingsLabel({ view, table, config }: Pick<CardSettingsProps, 'view' | 'table' | 'config'>) {
  const named = (id: string | null | undefined) => table.fields.find((field) => field.id === id)?.name ?? '…'
  if (view.kind === 'grid') return undefined
  if (view.kind === 'kanban') return { label: `Stacked by ${named(config.stack)}`, icon: <Columns3 size={14} /> }
  if (view.kind === 'calendar') return { label: `Days by ${named(config.date)}`, icon: <CalendarRange size={14} /> }
  const cover = coverOf(table, config)
  return { label: cover ? `Cover: ${cover.name}` : 'Cover', icon: <Image size={14} /> }
}

const NONE = 'none'

const listed = (fields: readonly Field[]) =>
  fields.map((field) => ({ value: field.id, label: field.name, icon: <KindIcon kind={field.kind} /> }))

export function CardSettings(props: CardSettingsProps) {
  const { view, table, config, onConfig } = props
  if (view.kind === 'calendar') return <DaySettings {...props} />
  return (
    <div className={styles.form}>
      {view.kind === 'kanban' && (
        <Labelled label="Stacked by">
          <Select
            value={config.stack ?? null}
            onChange={(stack) => onConfig({ stack })}
            options={listed(stackFields(table))}
          />
        </Labelled>
      )}
      <CoverSettings {...props} />
      {view.kind === 'kanban' && (
        <span className={styles.switch}>
          <Switch
            label="Hide empty stacks"
            checked={config.hide_empty === true}
            onChange={(hide_empty) => onConfig({ hide_empty })}
          />
          <span aria-hidden="true">Hide empty stacks</span>
        </span>
      )}
    </div>
  )
}

function DaySettings({ table, config, onConfig }: CardSettingsProps) {
  const fields = dayFields(table)
  const chosen = fields.find((field) => field.id === config.date)
  const ends = fields.filter((field) => field !== chosen)
  const end = ends.find((field) => field.id === config.end)
  return (
    <div className={styles.form}>
      <Labelled label="Days by" {...(chosen?.read_only ? { hint: COMPUTED } : {})}>
        <Select value={config.date ?? null} onChange={(date) => onConfig({ date })} options={listed(fields)} />
      </Labelled>
      <Labelled label="Last day by">
        <Select
          value={end?.id ?? NONE}
          onChange={(next) => onConfig({ end: next === NONE ? null : next })}
          options={[{ value: NONE, label: 'None: one day each' }, ...listed(ends)]}
        />
      </Labelled>
    </div>
  )
}

const COMPUTED = 'Computed: records cannot be dragged to another day.'

function CoverSettings({ table, config, onConfig }: CardSettingsProps) {
  const fields = coverFields(table)
  const cover = coverOf(table, config)
  return (
    <>
      <Labelled label="Cover" {...(fields.length === 0 ? { hint: 'A cover needs an attachment field.' } : {})}>
        <Select
          value={cover?.id ?? NONE}
          onChange={(next) => onConfig({ cover: next === NONE ? null : next })}
          options={[{ value: NONE, label: 'None' }, ...listed(fields)]}
        />
      </Labelled>
      {cover && (
        <Segments
          label="How pictures fill the cover"
          value={config.cover_fit ?? 'crop'}
          onChange={(cover_fit) => onConfig({ cover_fit })}
          options={[
            { value: 'crop', label: 'Crop' },
            { value: 'fit', label: 'Fit' },
          ]}
        />
      )}
    </>
  )
}
