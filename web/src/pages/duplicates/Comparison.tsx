/** The fields of some records beside each other, with one choice a field, and what the one record will hold. */
import { useMemo, useState } from 'react'
import type { MergedRecord, MergePreview, Take } from '../../api/merging'
import type { Field, RecordId, Table } from '../../api/types'
import { orderedFields } from '../../grid/columns'
import type { KindContext } from '../../grid/kinds'
import { KindIcon } from '../../grid/kinds/KindIcon'
import { FieldValue } from '../../record/FieldValue'
import { timeAgo } from '../../record/timeAgo'
import { cx } from '../../ui/classes'
import { Switch } from '../../ui/Switch'
import styles from './Merge.module.css'

interface ComparisonProps {
  table: Table
  preview: MergePreview
  into: RecordId
  take: Take
  context: (field: Field) => KindContext
  onInto: (id: RecordId) => void
  onTake: (take: Take) => void
}

export function Comparison({ table, preview, into, take, context, onInto, onTake }: ComparisonProps) {
  const [whole, setWhole] = useState(false)
  const records = useMemo(() => [...preview.records].sort((a, b) => (a.created_at < b.created_at ? -1 : 1)), [preview])
  const there = new Set(Object.keys(preview.cells))
  const differing = new Set(preview.differing)
  const filled = orderedFields(table, {}).filter(
    (field) => there.has(field.id) && records.some(({ cells }) => (cells[field.id] ?? null) !== null),
  )
  const shown = whole ? filled : filled.filter(({ id }) => differing.has(id))
  const rest = filled.length - filled.filter(({ id }) => differing.has(id)).length
  return (
    <>
      <div className={styles.scroll}>
        <table className={styles.sides}>
          <thead>
            <tr>
              <td className={styles.corner} />
              {records.map((record) => (
                <th key={record.id} scope="col">
                  <Head record={record} table={table} stays={record.id === into} onStay={() => onInto(record.id)} />
                </th>
              ))}
              <th scope="col" className={cx(styles.result, styles.resultHead)}>
                Result
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((field) => (
              <Row
                key={field.id}
                {...{ field, records, preview }}
                context={context(field)}
                taken={take[field.id] ?? preview.take[field.id]}
                choosing={differing.has(field.id)}
                onTake={(choice) => onTake({ ...take, [field.id]: choice })}
              />
            ))}
          </tbody>
        </table>
      </div>
      {rest > 0 && (
        <span className={styles.rest}>
          <Switch label="Show fields that agree" checked={whole} onChange={setWhole} />
          <span aria-hidden="true">
            Show the {rest} {rest === 1 ? 'field' : 'fields'} that agree, or that one record alone has
          </span>
        </span>
      )}
    </>
  )
}

interface HeadProps {
  record: MergedRecord
  table: Table
  stays: boolean
  onStay: () => void
}

function Head({ record, table, stays, onStay }: HeadProps) {
  const name = record.name || `Unnamed ${table.name_one.toLowerCase()}`
  return (
    <label className={cx(styles.head, stays && styles.taken)}>
      <input
        type="radio"
        name="stays"
        checked={stays}
        onChange={onStay}
        aria-label={`Keep ${name}, ${added(record)}`}
      />
      <span className={styles.headText}>
        <span className={styles.headName}>{name}</span>
        <span className={styles.quiet}>{stays ? 'This record stays' : added(record)}</span>
      </span>
    </label>
  )
}

const added = (record: MergedRecord): string => `added ${timeAgo(record.created_at)}`

interface RowProps {
  field: Field
  records: readonly MergedRecord[]
  preview: MergePreview
  context: KindContext
  /** Whose value stays: as chosen here at once, else as the server has it. */
  taken: RecordId | 'all' | undefined
  /** Whether the records do not agree, so that there is something to choose. */
  choosing: boolean
  onTake: (choice: RecordId | 'all') => void
}

function Row({ field, records, preview, context, taken, choosing, onTake }: RowProps) {
  const all = choosing && preview.unitable.includes(field.id)
  return (
    <tr>
      <th scope="row">
        <span className={styles.field}>
          <KindIcon kind={field.kind} size={13} />
          {field.name}
        </span>
      </th>
      {records.map((record, at) => {
        const value = <FieldValue value={record.cells[field.id] ?? null} context={context} />
        return (
          <td key={record.id} data-of={record.name || 'Unnamed'}>
            {choosing ? (
              <label className={cx(styles.choice, (taken === record.id || taken === 'all') && styles.taken)}>
                <input
                  type="radio"
                  name={field.id}
                  checked={taken === record.id}
                  onChange={() => onTake(record.id)}
                  aria-label={`${field.name} of record ${at + 1}, ${record.name || 'unnamed'}`}
                />
                {value}
              </label>
            ) : (
              <span className={styles.fixed}>{value}</span>
            )}
          </td>
        )
      })}
      <td className={styles.result} data-of="Result">
        {all && (
          <label className={styles.all}>
            <input
              type="radio"
              name={field.id}
              checked={taken === 'all'}
              onChange={() => onTake('all')}
              aria-label={`${field.name}: of all together`}
            />
            All together
          </label>
        )}
        <FieldValue value={preview.cells[field.id] ?? null} context={context} />
      </td>
    </tr>
  )
}
