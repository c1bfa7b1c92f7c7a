/** The card at a place of the rows; a grey one until its record is here. */
import type { DragEvent, KeyboardEvent } from 'react'
import type { Field, RecordId } from '../../api/types'
import { visibleFields } from '../../grid/columns'
import type { Setting } from '../../grid/model'
import type { TableRows } from '../../store/tableRows'
import { coverOf } from '../viewKinds'
import type { CardsBodyProps } from './body'
import { Card } from './Card'
import styles from './Cards.module.css'
import type { ColorOf } from './useRows'

interface PlacedCardProps extends CardsBodyProps {
  rows: TableRows
  row: number
  fields: readonly Field[]
  colorOf: ColorOf
  onKeyDown: (event: KeyboardEvent, id: RecordId) => void
  onDragStart?: ((event: DragEvent, id: RecordId) => void) | undefined
}

export function PlacedCard({ rows, row, fields, colorOf, onKeyDown, onDragStart, ...props }: PlacedCardProps) {
  const { model, setting, view, config, onOpenRecord, openRecord } = props
  const id = rows.idAt(row)
  if (id === undefined) return <div className={styles.skeleton} />
  const field = coverOf(setting.table, config)
  return (
    <Card
      model={model}
      rows={rows}
      id={id}
      fields={fields}
      cover={field && { field, fit: config.cover_fit ?? 'crop', keep: view.kind === 'gallery' }}
      color={colorOf?.(id)}
      open={id === openRecord}
      onOpen={onOpenRecord}
      onKeyDown={(event) => onKeyDown(event, id)}
      {...(onDragStart ? { onDragStart: (event: DragEvent) => onDragStart(event, id) } : {})}
    />
  )
}

/** The fields under a card's name: those on show but the name, the cover and what the board is made by. */
export function cardFields({ table, config }: Setting, own?: Field): Field[] {
  const cover = coverOf(table, config)
  return visibleFields(table, config).filter((one) => !one.primary && one.id !== own?.id && one.id !== cover?.id)
}
