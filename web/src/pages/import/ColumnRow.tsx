/** One column of the file: what it holds, where it goes, and how what it leaves open is to be read. */
import { ArrowRight, CircleAlert, KeyRound } from 'lucide-react'
import type { FieldKind, ImportColumn, Table, Target } from '../../api/types'
import { cx } from '../../ui/classes'
import { Input } from '../../ui/Field'
import { KIND_LOOKS, KindIcon } from '../../ui/KindIcon'
import { Picker, type PickerGroup } from '../../ui/Picker'
import { Select } from '../../ui/Select'
import styles from './Import.module.css'
import { choiceOf, foreignSign, kindOfTarget, NEW_KINDS, openReadings, readChoice } from './mapping'

interface ColumnRowProps {
  column: ImportColumn
  rows: number
  tables: Table[]
  target: Target
  groups: PickerGroup[]
  problem: string | undefined
  isKey: boolean
  onChange: (target: Target) => void
}

export function ColumnRow({ column, rows, tables, target, groups, problem, isKey, onChange }: ColumnRowProps) {
  const filled = rows > 0 ? Math.round((1 - column.empty / rows) * 100) : 0
  const chosen = choiceOf(target)
  // The notice of the server already speaks of the field that it suggested.
  const told = Boolean(column.notice) && choiceOf(column.suggestion) === chosen
  const foreign = told ? null : foreignSign(target, column.samples, tables)
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
        {column.notice && <p className={styles.notice}>{column.notice}</p>}
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
        <ReadingControls target={target} column={column} tables={tables} onChange={onChange} />
        {foreign && (
          <p className={styles.notice}>
            The amounts carry {foreign.sign}, this field holds {foreign.code}: the numbers are taken as they stand.
          </p>
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
    return { ...target, kind, options: suggestion.options }
  }
  const { options: _, ...rest } = target
  return { ...rest, kind }
}

const ORDERS = [
  { value: 'dmy', label: 'Day first: 31/12' },
  { value: 'mdy', label: 'Month first: 12/31' },
] as const
const DECIMALS = [
  { value: '.', label: 'Point: 1,234.50' },
  { value: ',', label: 'Comma: 1.234,50' },
] as const

type ReadingControlsProps = Pick<ColumnRowProps, 'target' | 'column' | 'tables' | 'onChange'>

/** What the cells leave open: which number is the month, which sign stands before the decimals. */
function ReadingControls({ target, column, tables, onChange }: ReadingControlsProps) {
  if (target.to === 'skip') return null
  const open = openReadings(kindOfTarget(target, tables), column.samples)
  return (
    <>
      {(open.order || target.order !== undefined) && (
        <div className={styles.reading}>
          <span>Dates are written</span>
          <Select
            label={`How dates in “${column.name}” are written`}
            size="small"
            placeholder="As the field shows them"
            value={target.order ?? null}
            onChange={(order) => onChange({ ...target, order })}
            options={[...ORDERS]}
          />
        </div>
      )}
      {open.decimal && (
        <div className={styles.reading}>
          <span>Before decimals stands a</span>
          <Select
            label={`The decimal sign in “${column.name}”`}
            size="small"
            value={target.decimal ?? '.'}
            onChange={(decimal) => onChange({ ...target, decimal })}
            options={[...DECIMALS]}
          />
        </div>
      )}
    </>
  )
}
