/** Step two: where each column goes, and by what existing records are recognised. */
import { KeyRound, Sparkles, Table2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ImportRun, Table, Target } from '../../api/types'
import { Button } from '../../ui/Button'
import { Notice } from '../../ui/Feedback'
import { Input } from '../../ui/Field'
import { KindIcon } from '../../ui/KindIcon'
import type { PickerGroup } from '../../ui/Picker'
import { Select } from '../../ui/Select'
import { ColumnRow } from './ColumnRow'
import { describeDialect } from './dialect'
import styles from './Import.module.css'
import {
  fillable,
  firstKey,
  type KeyChoice,
  keptKey,
  keyChoices,
  mappingProblems,
  reachable,
  withIds,
  withNewFields,
} from './mapping'
import { mappingInto } from './newTable'

interface MapStepProps {
  run: ImportRun
  table: Table
  tables: Table[]
  busy: boolean
  /** The table was made for this file: it takes a name, and every row is new. */
  made: boolean
  onBack: () => void
  onCompare: (mapping: Target[], key: KeyChoice, name: string) => void
}

const NO_KEY = 'none'

export function MapStep({ run, table, tables, busy, made, onBack, onCompare }: MapStepProps) {
  const [mapping, setMapping] = useState<Target[]>(() => {
    const start = startMapping(run, tables, table)
    return made ? mappingInto(table, start) : start
  })
  const [key, setKey] = useState<KeyChoice>(() => (made ? null : firstKey(run, mapping, table)))
  const [name, setName] = useState(table.name)
  const problems = useMemo(() => mappingProblems(mapping, run.columns, tables, table), [mapping, run, tables, table])
  const groups = useMemo(() => targetGroups(table, tables, made), [table, tables, made])
  const keys = keyChoices(mapping, table)
  const used = mapping.filter((target) => target.to !== 'skip').length
  const feedsTable = mapping.some((target) => target.to === 'field' || target.to === 'new')
  const keyField = keys.find((field) => field.id === key)

  const fresh = mapping.filter((target) => target.to === 'new').length
  const skipped = mapping.filter(
    (target, at) => target.to === 'skip' && run.columns[at]?.suggestion.to === 'new',
  ).length

  function set(next: Target[]) {
    setMapping(next)
    setKey(keptKey(key, next, table))
  }

  return (
    <>
      <div className={styles.body}>
        <div className={styles.wide}>
          <div className={styles.facts}>
            <strong>{run.filename}</strong>
            <span>
              {run.rows.toLocaleString()} rows · {run.columns.length} columns · {describeDialect(run.dialect)}
            </span>
            {run.saved_mapping && (
              <span className={styles.remembered}>
                <Sparkles size={13} aria-hidden="true" /> Mapped as last time
              </span>
            )}
          </div>

          {run.rows === 0 && (
            <div className={styles.notices}>
              <Notice tone="warning" title="There is nothing to import.">
                The file has a header and no rows below it.
              </Notice>
            </div>
          )}
          {run.notices && run.notices.length > 0 && (
            <div className={styles.notices}>
              <Notice>{run.notices.join(' ')}</Notice>
            </div>
          )}

          {made ? (
            <div className={styles.key}>
              <Table2 size={16} aria-hidden="true" />
              <div className={styles.keyText}>
                <strong>Name of the new table</strong>
                <span>Every row becomes a record; fields get the kinds below.</span>
              </div>
              <Input
                aria-label="Name of the new table"
                className={styles.keySelect}
                value={name}
                onChange={setName}
                maxLength={100}
              />
            </div>
          ) : (
            <div className={styles.key}>
              <KeyRound size={16} aria-hidden="true" />
              <div className={styles.keyText}>
                <strong>Recognise existing {table.name.toLowerCase()} by</strong>
                <span>
                  {keyField
                    ? `A row whose ${keyField.name} is already there updates that record; the others are added.`
                    : 'Every row becomes a new record, even if it is already there.'}
                </span>
              </div>
              <Select
                label="Recognise existing records by"
                className={styles.keySelect}
                value={keyField ? keyField.id : NO_KEY}
                onChange={(value) => setKey(value === NO_KEY ? null : value)}
                options={[
                  ...keys.map((field) => ({
                    value: field.id,
                    label: field.name,
                    icon: <KindIcon kind={field.kind} />,
                  })),
                  { value: NO_KEY, label: 'Every row is a new record' },
                ]}
              />
            </div>
          )}

          <div className={styles.map} role="table" aria-label="Columns of the file">
            <div className={styles.mapHead} role="row">
              <span role="columnheader">Column of the file</span>
              <span role="columnheader">
                Goes to
                {fresh + skipped > 1 && (
                  <Button
                    size="small"
                    variant="ghost"
                    className={styles.allNew}
                    onClick={() => set(withNewFields(mapping, run.columns, fresh === 0))}
                  >
                    {fresh > 0 ? `Skip all new fields (${fresh})` : `Take the new fields (${skipped})`}
                  </Button>
                )}
              </span>
            </div>
            {run.columns.map((column, index) => (
              <ColumnRow
                key={column.index}
                column={column}
                rows={run.rows}
                tables={tables}
                target={mapping[index] ?? { to: 'skip' }}
                groups={groups}
                problem={problems.get(index)}
                isKey={keyField !== undefined && isField(mapping[index], keyField.id)}
                onChange={(target) => set(mapping.with(index, target))}
              />
            ))}
          </div>
        </div>
      </div>
      <footer className={styles.foot}>
        <Button onClick={onBack}>Other file</Button>
        <span className={styles.footText}>
          {problems.size > 0
            ? `${problems.size} ${problems.size === 1 ? 'column needs' : 'columns need'} a decision`
            : !feedsTable
              ? `Choose a column for a field of ${table.name}`
              : `${used} of ${run.columns.length} columns used`}
        </span>
        <Button
          variant="primary"
          busy={busy}
          disabled={run.rows === 0 || problems.size > 0 || !feedsTable || name.trim() === ''}
          onClick={() => onCompare(mapping, key, name.trim())}
        >
          {made ? 'Preview the records' : `Compare with ${table.name.toLowerCase()}`}
        </Button>
      </footer>
    </>
  )
}

const isField = (target: Target | undefined, field: string): boolean => target?.to === 'field' && target.field === field

function startMapping(run: ImportRun, tables: Table[], table: Table): Target[] {
  const given = run.mapping.length === run.columns.length ? run.mapping : run.columns.map((column) => column.suggestion)
  return withIds(given, tables, table)
}

/** A table made for the file has one field to choose, which is called like its column afterwards. */
function targetGroups(table: Table, tables: Table[], made: boolean): PickerGroup[] {
  const fields = (of: Table, choice: (id: string) => string, own = true) =>
    fillable(of)
      .filter((field) => own || field.kind !== 'link')
      .map((field) => ({
        value: choice(field.id),
        label: made && field.primary ? 'Name of the record' : field.name,
        icon: <KindIcon kind={field.kind} />,
      }))
  return [
    {
      label: 'This column',
      items: [
        { value: 'new', label: 'New field', icon: <Sparkles size={14} /> },
        { value: 'skip', label: 'Skip this column' },
      ],
    },
    { label: table.name, items: fields(table, (id) => `field:${id}`) },
    ...reachable(table, tables).map((item) => ({
      label: item.name,
      items: fields(item, (id) => `related:${item.id}:${id}`, false),
    })),
  ]
}
