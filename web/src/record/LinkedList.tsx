/** The records that link to this one, such as an investor's contacts: each with what says most, and a line to add one. */
import { Link2 } from 'lucide-react'
import { useMemo } from 'react'
import { Link } from 'wouter'
import { explain } from '../api/client'
import type { Field, QueryRequest, RecordId, Table } from '../api/types'
import { kindOf } from '../grid/kinds'
import { KindIcon } from '../grid/kinds/KindIcon'
import { paths } from '../pages/paths'
import type { Cell } from '../store/cells'
import { useList } from '../store/useList'
import type { Workspace } from '../store/workspace'
import { Notice, SkeletonLines } from '../ui/Feedback'
import { AddLine } from './AddLine'
import { FieldValue } from './FieldValue'
import styles from './Lists.module.css'
import { QuickCell } from './QuickCell'
import { useContexts } from './useContexts'

const MOST = 200
const TOLD = 3
const TELLING: readonly string[] = ['single_select', 'currency', 'text', 'email', 'phone', 'date', 'percent', 'link']

interface LinkedListProps {
  workspace: Workspace
  table: Table
  tables: readonly Table[]
  /** The link field of this table, and the other table with the field that links back. */
  field: Field
  other: Table
  back: Field
  record: RecordId
  value: Cell
  locked: boolean
}

export function LinkedList(props: LinkedListProps) {
  const { workspace, table, tables, field, other, back, record, value, locked } = props
  const context = useContexts(workspace)
  const request = useMemo<QueryRequest>(
    () => ({ filter: { field: back.id, op: 'has_any_of', value: [record] }, limit: MOST }),
    [back, record],
  )
  const { records, total, loading, error } = useList(workspace, other, request)
  const primary = other.fields.find(({ id }) => id === other.primary_field)
  const told = useMemo(() => tellingFields(other, back), [other, back])
  const one = other.name_one.toLowerCase()
  const add = (name: string) => {
    const cells = { [other.primary_field]: name, [back.id]: [record] }
    workspace.send([{ op: 'create', table: other.id, records: [{ cells }] }], `Add ${one}`)
  }
  return (
    <section className={styles.list} aria-label={field.name}>
      <header className={styles.head}>
        <KindIcon kind="link" size={13} />
        <h3>{field.name}</h3>
        {total > 0 && <span className={styles.count}>{total}</span>}
        {!locked && (
          <QuickCell
            workspace={workspace}
            table={table}
            tables={tables}
            field={field}
            context={context(field)}
            record={record}
            value={value}
            className={styles.link ?? ''}
            shown={
              <>
                <Link2 size={13} aria-hidden="true" /> Link
              </>
            }
          />
        )}
      </header>
      {error !== null && error !== undefined && <Notice tone="danger">{explain(error)}</Notice>}
      {loading && <SkeletonLines count={2} />}
      {records.length > 0 && (
        <ul className={styles.lines}>
          {records.map(({ id, cell }) => (
            <li key={id} className={styles.linked}>
              <Link href={paths.record(other.key, id)} className={styles.name ?? ''}>
                {(primary && kindOf(primary).format(cell(primary.id), context(primary))) || `Unnamed ${one}`}
              </Link>
              <span className={styles.told}>
                {told
                  .filter((each) => cell(each.id) !== null)
                  .slice(0, TOLD)
                  .map((each) => (
                    <span key={each.id} title={each.name}>
                      <FieldValue value={cell(each.id)} context={context(each)} />
                    </span>
                  ))}
              </span>
            </li>
          ))}
        </ul>
      )}
      {!locked && <AddLine label={`Add a ${one}`} add={add} />}
    </section>
  )
}

/** The fields of a linked record that tell most about it, in the table's order. */
function tellingFields(table: Table, back: Field): Field[] {
  return table.fields
    .filter((field) => field.archived_at === null && field.id !== table.primary_field && field.id !== back.id)
    .filter((field) => TELLING.includes(field.kind) && !(field.kind === 'link' && field.options.many !== false))
    .sort((a, b) => a.position - b.position)
}

export interface LinkedField {
  readonly field: Field
  readonly other: Table
  readonly back: Field
}

/** The fields of a table that list records of another one that link back. */
export function linkedFields(table: Table, tables: readonly Table[]): LinkedField[] {
  return table.fields.flatMap((field) => {
    if (field.kind !== 'link' || field.archived_at !== null || field.options.many === false) return []
    const other = tables.find(({ id }) => id === field.options.table)
    const back = other?.fields.find(({ id }) => id === field.options.inverse)
    return other && back && back.archived_at === null ? [{ field, other, back }] : []
  })
}
