/** A record as a card: its name, and the fields that the view shows where they hold something. */
import type { CSSProperties, DragEvent, KeyboardEvent } from 'react'
import type { Field, RecordId } from '../../api/types'
import type { GridModel } from '../../grid/model'
import { FieldValue } from '../../record/FieldValue'
import { isEmpty } from '../../store/cells'
import type { TableRows } from '../../store/tableRows'
import { cx } from '../../ui/classes'
import styles from './Cards.module.css'
import { Cover } from './Cover'

interface CardProps {
  model: GridModel
  rows: TableRows
  id: RecordId
  /** The fields shown under the name. */
  fields: readonly Field[]
  cover?: { field: Field; fit: 'crop' | 'fit'; keep: boolean } | undefined
  color?: string | undefined
  open: boolean
  onOpen: (id: RecordId) => void
  onKeyDown?: (event: KeyboardEvent) => void
  onDragStart?: (event: DragEvent) => void
  /** A name only, on one line. */
  small?: boolean
  before?: string | undefined
}

export function cardName(model: GridModel, rows: TableRows, id: RecordId): string {
  const { table } = model.setting
  const field = table.fields.find((one) => one.id === table.primary_field)
  const value = rows.cellOf(id, table.primary_field) ?? null
  const shown = field && value !== null ? model.textOf(field, value) : ''
  return shown || `Unnamed ${table.name_one.toLowerCase()}`
}

export function Card({ model, rows, id, fields, cover, color, open, onOpen, small, before, ...events }: CardProps) {
  const style = color ? ({ '--card': `var(--pill-${color}-fg)` } as CSSProperties) : undefined
  return (
    <article
      className={cx(styles.card, small && styles.small, open && styles.open, color !== undefined && styles.colored)}
      style={style}
      draggable={events.onDragStart !== undefined}
      onDragStart={events.onDragStart}
      data-record={id}
    >
      {cover && <Cover value={rows.cellOf(id, cover.field.id) ?? null} fit={cover.fit} keep={cover.keep} />}
      {before && <span className={styles.before}>{before}</span>}
      <button type="button" className={styles.title} onClick={() => onOpen(id)} onKeyDown={events.onKeyDown}>
        {cardName(model, rows, id)}
      </button>
      {small ? (
        <Behind model={model} rows={rows} id={id} fields={fields} />
      ) : (
        <Values model={model} rows={rows} id={id} fields={fields} />
      )}
    </article>
  )
}

type ValuesProps = Pick<CardProps, 'model' | 'rows' | 'id' | 'fields'>

function Values({ model, rows, id, fields }: ValuesProps) {
  if (fields.length === 0) return null
  return (
    <dl className={styles.fields}>
      {fields.map((field) => {
        const value = rows.cellOf(id, field.id) ?? null
        if (isEmpty(value)) return null
        return (
          <div key={field.id}>
            <dt>{field.name}</dt>
            <dd>
              <FieldValue value={value} context={model.context(field)} />
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

/** The values of a small card, as text behind its name. */
function Behind({ model, rows, id, fields }: ValuesProps) {
  const said = fields
    .map((field) => model.textOf(field, rows.cellOf(id, field.id) ?? null))
    .filter((text) => text !== '')
  return said.length > 0 ? <span className={styles.behind}>{said.join(' · ')}</span> : null
}
