/** Why a cell has its value: the formula with what each of its parts came to, or the linked records it was taken from. */
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { type ExplainAnswer, type ExplainedPart, formulaCalls } from '../../api/formulas'
import type { Field, Table } from '../../api/types'
import { paths } from '../../pages/paths'
import { FieldValue } from '../../record/FieldValue'
import { normalized } from '../../store/cells'
import { cx } from '../../ui/classes'
import { Notice } from '../../ui/Feedback'
import { kindName } from '../fields/kindList'
import { kindOf } from '../kinds'
import { computedOptions, errorOf, isComputed } from '../kinds/computed'
import type { GridModel } from '../model'
import styles from './Asked.module.css'
import { AskedDialog } from './AskedDialog'
import { closeAsked, useAsked } from './asking'
import { FormulaText } from './FormulaText'
import { problemsNow } from './problems'
import { RecordName } from './RecordName'
import { fieldName, tokenize, toUnits } from './tokens'

interface ExplainDialogProps {
  model: GridModel
  onEdit: (field: Field) => void
}

export function ExplainDialog({ model, onEdit }: ExplainDialogProps) {
  const [, navigate] = useLocation()
  const asked = useAsked((state) => state.explained)
  const table = model.setting.tables.find((one) => one.id === asked?.table)
  const field = table?.fields.find((one) => one.id === asked?.field)
  const { data, error } = useQuery({
    queryKey: ['explain', asked],
    queryFn: () => formulaCalls.explain(asked?.table ?? '', asked?.field ?? '', asked?.record ?? ''),
    enabled: asked !== undefined,
    staleTime: 0,
    gcTime: 0,
  })
  if (!asked || !field || !table) return null
  const link = table.fields.find((one) => one.id === computedOptions(field).link)
  const linked = model.setting.tables.find((one) => one.id === link?.options.table)
  const openRecord = (id: string) => {
    if (!linked) return
    closeAsked()
    navigate(paths.record(linked.key, id))
  }
  return (
    <AskedDialog
      size="medium"
      title={`Why this value of ${field.name}?`}
      text={<RecordName model={model} id={asked.record} />}
      edit={isComputed(field) && field.table === model.setting.table.id && `Edit ${kindName(field.kind).toLowerCase()}`}
      onEdit={() => onEdit(field)}
      error={error}
    >
      {data && <Explanation answer={data} model={model} table={table} field={field} onOpenRecord={openRecord} />}
    </AskedDialog>
  )
}

interface ExplanationProps {
  answer: ExplainAnswer
  model: GridModel
  table: Table
  field: Field
  onOpenRecord: (id: string) => void
}

function Explanation({ answer, model, table, field, onOpenRecord }: ExplanationProps) {
  const [pointed, setPointed] = useState<ExplainedPart>()
  const tokens = useMemo(() => tokenize(answer.formula), [answer.formula])
  const failed = errorOf(answer.value)
  const first = answer.parts.find((part) => part.error)
  const problems = useMemo(
    () =>
      first?.error
        ? problemsNow([{ ...first.error, span: first.error.span ?? first.span }], [], answer.formula, answer.formula)
        : [],
    [first, answer.formula],
  )
  return (
    <div className={styles.explanation}>
      <div className={cx(styles.result, failed && styles.failed)}>
        {failed ? answer.text : <FieldValue value={normalized(answer.value)} context={model.context(field)} />}
      </div>
      {failed && <Notice tone="danger">{failed.message}</Notice>}
      {answer.formula !== '' && (
        <div className={styles.formula}>
          <FormulaText tokens={tokens} problems={problems} marked={pointed && toUnits(answer.formula, pointed.span)} />
        </div>
      )}
      {answer.values && <Linked values={answer.values} onOpenRecord={onOpenRecord} />}
      {answer.parts.length > 0 && (
        <Parts
          parts={answer.parts}
          pointed={pointed}
          onPoint={setPointed}
          shown={(part) => shownOf(part, model, table)}
        />
      )}
    </div>
  )
}

interface PartsProps {
  parts: readonly ExplainedPart[]
  pointed: ExplainedPart | undefined
  onPoint: (part: ExplainedPart | undefined) => void
  shown: (part: ExplainedPart) => string
}

function Parts({ parts, pointed, onPoint, shown }: PartsProps) {
  const lines = useMemo(() => parts.map((part) => ({ part, tokens: tokenize(short(part.text)) })), [parts])
  return (
    <section>
      <h3 className={styles.heading}>Step by step</h3>
      <div className={styles.parts} onPointerLeave={() => onPoint(undefined)}>
        {lines.map(({ part, tokens }, at) => (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: the same part may be told twice
            key={at}
            type="button"
            className={cx(styles.part, part === pointed && styles.pointed, part.depth === 0 && styles.whole)}
            style={{ paddingLeft: 8 + Math.min(part.depth, 12) * 14 }}
            onPointerEnter={() => onPoint(part)}
            onFocus={() => onPoint(part)}
            onBlur={() => onPoint(undefined)}
          >
            <FormulaText tokens={tokens} className={styles.partText} />
            <span className={styles.equals}>=</span>
            <span className={cx(styles.partValue, part.error !== null && styles.failed)} title={part.error?.message}>
              {part.error ? part.error.shown : shown(part) || 'empty'}
            </span>
          </button>
        ))}
      </div>
    </section>
  )
}

function Linked({
  values,
  onOpenRecord,
}: {
  values: NonNullable<ExplainAnswer['values']>
  onOpenRecord: (id: string) => void
}) {
  return (
    <section>
      <h3 className={styles.heading}>
        {values.length === 0
          ? 'No linked records'
          : `From ${values.length} linked ${values.length === 1 ? 'record' : 'records'}`}
      </h3>
      <div className={styles.parts}>
        {values.map((one, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a record may give several values
          <button key={at} type="button" className={styles.part} onClick={() => onOpenRecord(one.record)}>
            <span className={styles.linkedName}>{one.name || 'Unnamed record'}</span>
            <span className={styles.partValue}>{one.shown || 'empty'}</span>
          </button>
        ))}
      </div>
    </section>
  )
}

/** A field among the parts is shown the way its cells are. */
function shownOf(part: ExplainedPart, model: GridModel, table: Table): string {
  const name = part.text.startsWith('{') ? fieldName(part.text) : part.text
  const field = table.fields.find((one) => one.name === name)
  if (!field || typeof part.value === 'object' || part.value === null) return part.shown
  const shape = kindOf(field).shape
  return ['number', 'date', 'date_time'].includes(shape)
    ? kindOf(field).format(normalized(part.value), model.context(field))
    : part.shown
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 90 ? `${line.slice(0, 89)}…` : line
}
