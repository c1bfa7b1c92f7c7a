/** Step two: where each column goes, and by what existing records are recognised. */
import { ArrowRight, CircleAlert, KeyRound, Sparkles } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { FieldKind, ImportColumn, ImportRun, Table, Target } from '../../api/types'
import { Button } from '../../ui/Button'
import { cx } from '../../ui/classes'
import { Input } from '../../ui/Field'
import { KIND_LOOKS, KindIcon } from '../../ui/KindIcon'
import { Picker, type PickerGroup } from '../../ui/Picker'
import { Select } from '../../ui/Select'
import { describeDialect } from './dialect'
import styles from './Import.module.css'
import { choiceOf, fillable, firstKey, keyChoices, mappingProblems, NEW_KINDS, readChoice, withIds } from './mapping'

interface MapStepProps {
  run: ImportRun
  table: Table
  tables: Table[]
  busy: boolean
  onBack: () => void
  onCompare: (mapping: Target[], key: string | null) => void
}

const NO_KEY = 'none'

export function MapStep({ run, table, tables, busy, onBack, onCompare }: MapStepProps) {
  const [mapping, setMapping] = useState<Target[]>(() => startMapping(run, tables, table))
  const [key, setKey] = useState<string | null>(() => firstKey(run, mapping, table))
  const problems = useMemo(() => mappingProblems(mapping, run.columns, tables, table), [mapping, run, tables, table])
  const groups = useMemo(() => targetGroups(table, tables), [table, tables])
  const keys = keyChoices(mapping, table)
  const used = mapping.filter((target) => target.to !== 'skip').length
  const keyField = keys.find((field) => field.id === key)

  function change(index: number, target: Target) {
    const next = mapping.with(index, target)
    setMapping(next)
    const still = keyChoices(next, table).some((field) => field.id === key)
    if (!still) setKey(firstKey({ key: null }, next, table))
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
                ...keys.map((field) => ({ value: field.id, label: field.name, icon: <KindIcon kind={field.kind} /> })),
                { value: NO_KEY, label: 'Nothing: always add' },
              ]}
            />
          </div>

          <div className={styles.map} role="table" aria-label="Columns of the file">
            <div className={styles.mapHead} role="row">
              <span role="columnheader">Column of the file</span>
              <span role="columnheader">Goes to</span>
            </div>
            {run.columns.map((column, index) => (
              <ColumnRow
                key={column.index}
                column={column}
                rows={run.rows}
                target={mapping[index] ?? { to: 'skip' }}
                groups={groups}
                problem={problems.get(index)}
                isKey={key !== null && isField(mapping[index], key)}
                onChange={(target) => change(index, target)}
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
            : `${used} of ${run.columns.length} columns used`}
        </span>
        <Button
          variant="primary"
          busy={busy}
          disabled={problems.size > 0 || used === 0}
          onClick={() => onCompare(mapping, keyField ? keyField.id : null)}
        >
          Compare with {table.name.toLowerCase()}
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

function targetGroups(table: Table, tables: Table[]): PickerGroup[] {
  const linked = new Set(table.fields.filter((field) => field.kind === 'link').map((field) => field.options.table))
  const related = tables.filter((item) => item.id !== table.id && (linked.has(item.id) || linked.has(item.key)))
  const fields = (of: Table, choice: (id: string) => string) =>
    fillable(of).map((field) => ({
      value: choice(field.id),
      label: field.name,
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
    ...related.map((item) => ({ label: item.name, items: fields(item, (id) => `related:${item.id}:${id}`) })),
  ]
}

interface ColumnRowProps {
  column: ImportColumn
  rows: number
  target: Target
  groups: PickerGroup[]
  problem: string | undefined
  isKey: boolean
  onChange: (target: Target) => void
}

function ColumnRow({ column, rows, target, groups, problem, isKey, onChange }: ColumnRowProps) {
  const filled = rows > 0 ? Math.round((1 - column.empty / rows) * 100) : 0
  const chosen = choiceOf(target)
  const group = groups.find((item) => item.items.some((option) => option.value === chosen))
  const option = group?.items.find((item) => item.value === chosen)
  return (
    <div className={cx(styles.column, target.to === 'skip' && styles.skipped)} role="row">
      <div className={styles.source} role="cell">
        <div className={styles.sourceName}>
          <strong>{column.name || `Column ${column.index + 1}`}</strong>
          {isKey && (
            <span className={styles.keyMark}>
              <KeyRound size={11} aria-hidden="true" /> key
            </span>
          )}
          <span className={styles.quiet}>{filled} % filled</span>
        </div>
        <div className={styles.samples}>
          {column.samples.slice(0, 3).map((sample, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: samples may repeat and never move
            <span key={index} title={sample}>
              {sample}
            </span>
          ))}
        </div>
      </div>
      <ArrowRight size={14} className={styles.arrow} aria-hidden="true" />
      <div className={styles.target} role="cell">
        <Picker
          label={`Where “${column.name}” goes`}
          value={chosen}
          groups={groups}
          searchPlaceholder="Find a field…"
          onChange={(choice) => onChange(readChoice(choice, column))}
          shown={
            <span className={styles.shown}>
              {option?.icon}
              {target.to === 'related' && <span className={styles.quiet}>{group?.label} ·</span>}
              <span>{target.to === 'skip' ? 'Skip' : (option?.label ?? 'Choose…')}</span>
            </span>
          }
        />
        {target.to === 'new' && (
          <div className={styles.newField}>
            <Input
              aria-label={`Name of the new field for “${column.name}”`}
              value={target.name}
              onChange={(name) => onChange({ ...target, name })}
            />
            <Select<FieldKind>
              label={`Kind of the new field for “${column.name}”`}
              value={target.kind}
              onChange={(kind) => onChange(ofKind(target, kind, column))}
              options={NEW_KINDS.map((kind) => ({
                value: kind,
                label: KIND_LOOKS[kind].name,
                icon: <KindIcon kind={kind} />,
              }))}
            />
          </div>
        )}
        {problem && (
          <p className={styles.columnProblem} role="alert">
            <CircleAlert size={13} aria-hidden="true" /> {problem}
          </p>
        )}
      </div>
    </div>
  )
}

/** A new field of another kind; the suggested options belong to the suggested kind only. */
function ofKind(target: Extract<Target, { to: 'new' }>, kind: FieldKind, column: ImportColumn): Target {
  const { suggestion } = column
  if (suggestion.to === 'new' && suggestion.kind === kind && suggestion.options) {
    return { to: 'new', name: target.name, kind, options: suggestion.options }
  }
  return { to: 'new', name: target.name, kind }
}
