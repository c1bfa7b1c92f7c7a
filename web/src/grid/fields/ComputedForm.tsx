/** The settings of a computed field: the formula, or the link and what is taken from the linked records. */
import { useEffect, useMemo, useState } from 'react'
import type { CheckAnswer, CheckRequest, Format } from '../../api/formulas'
import type { Field as FieldInfo, FieldKind } from '../../api/types'
import { isTemporary } from '../../store/ops'
import { Notice } from '../../ui/Feedback'
import { Field } from '../../ui/Field'
import { Picker } from '../../ui/Picker'
import { Select } from '../../ui/Select'
import { FormulaEditor } from '../formula/FormulaEditor'
import { Preview } from '../formula/Preview'
import { useCheck } from '../formula/useCheck'
import { type ComputedOptions, resultOf } from '../kinds/computed'
import { KindIcon } from '../kinds/KindIcon'
import type { GridModel, Setting } from '../model'
import styles from './Fields.module.css'
import { FormatForm } from './FormatForm'
import { LinkedFilter } from './LinkedFilter'
import { OWN, ROLLUPS, rollupOf } from './rollups'

interface ComputedFormProps {
  kind: FieldKind
  options: ComputedOptions
  onChange: (options: ComputedOptions) => void
  model: GridModel
  setting: Setting
  /** The field being changed; absent for a new one. */
  editing: FieldInfo | undefined
  /** The record the result is first shown for, by its place among the records of the grid. */
  row: number
  /** Whether the settings can be saved, as far as is known here. */
  onReady: (ready: boolean) => void
  onSubmit: () => void
}

export function ComputedForm(props: ComputedFormProps) {
  const { kind, options, onChange, model, setting, editing, onReady, onSubmit } = props
  const [row, setRow] = useState(Math.max(0, props.row))
  const [own, setOwn] = useState(() => kind === 'rollup' && rollupOf(options.formula) === OWN)
  const set = (patch: ComputedOptions) => onChange({ ...options, ...patch })
  const living = useMemo(() => setting.table.fields.filter((field) => field.archived_at === null), [setting.table])
  const links = living.filter((field) => field.kind === 'link')
  const link = links.find((field) => field.id === options.link)
  const linked = setting.tables.find((table) => table.id === link?.options.table)
  const targets = linked?.fields.filter((field) => field.archived_at === null && field.id !== editing?.id) ?? []
  const target = targets.find((field) => field.id === options.field)
  const through = kind !== 'formula'
  const written = kind === 'formula' || kind === 'rollup'
  const asked =
    written &&
    (options.formula ?? '').trim() !== '' &&
    (kind === 'formula' || (link !== undefined && target !== undefined))
  const record = model.rows.idAt(row)
  const request: CheckRequest | undefined = asked
    ? {
        kind: kind as 'formula' | 'rollup',
        formula: options.formula ?? '',
        ...(kind === 'rollup' ? { link: link?.id ?? '', field: target?.id ?? '', filter: options.filter ?? null } : {}),
        ...(options.format ? { format: options.format } : {}),
        ...(editing ? { editing: editing.id } : {}),
        ...(record && !isTemporary(record) ? { record } : {}),
      }
    : undefined
  const over = useMemo(() => living.map(({ id, name, kind }) => `${id} ${name} ${kind}`).join('\n'), [living])
  const check = useCheck(setting.table.id, request, over)
  const { answer, good, current } = check

  // A format that the result no longer fits into is let go of, as the server does.
  const misfit = current && answer?.ok && options.format && !answer.formats.includes(options.format.kind)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each misfit
  useEffect(() => {
    if (misfit) set({ format: null })
  }, [misfit])

  const usual = !editing && !options.format && good ? startingNumber(good) : undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is found out
  useEffect(() => {
    if (usual) set({ format: usual })
  }, [usual === undefined])

  const linkedUp = !through || (link !== undefined && (kind === 'count' || target !== undefined))
  const formulaFits = !written || ((options.formula ?? '').trim() !== '' && !(current && answer?.ok === false))
  useEffect(() => onReady(linkedUp && formulaFits), [linkedUp, formulaFits, onReady])

  const names = useMemo(
    () =>
      kind === 'rollup'
        ? [{ id: 'values', name: 'values', kind: target ? resultOf(target).kind : 'text' }]
        : living.filter((field) => field.id !== editing?.id),
    [kind, target, living, editing],
  )
  const editor = (
    <FormulaEditor
      value={options.formula ?? ''}
      onChange={(formula) => set({ formula })}
      fields={names}
      check={check}
      model={model}
      row={row}
      onRow={setRow}
      onSubmit={onSubmit}
      autoFocus={editing?.kind === 'formula'}
      placeholder={kind === 'rollup' ? 'SUM(values)' : '{Check size} * {Probability}'}
    />
  )
  if (through && links.length === 0) {
    return (
      <Notice tone="info" title={`${setting.table.name} have no links yet`}>
        Add a field of the kind “Link to records” first; this one then reads what it leads to.
      </Notice>
    )
  }
  return (
    <>
      {through && (
        <div className={styles.pair}>
          <Field label="Through the link">
            <Select
              value={link?.id ?? null}
              onChange={(id) => set({ link: id, field: null, filter: null })}
              options={links.map((one) => ({ value: one.id, label: one.name, icon: <KindIcon kind="link" /> }))}
            />
          </Field>
          {kind !== 'count' && (
            <div>
              <span className={styles.label}>{kind === 'lookup' ? 'Show the field' : 'Take the field'}</span>
              <Picker
                label="Field of the linked records"
                className={styles.kind}
                value={target?.id ?? null}
                onChange={(id) => set({ field: id, ...(kind === 'rollup' ? { format: formatLike(targets, id) } : {}) })}
                groups={[{ label: linked?.name ?? '', items: targets.map(entry) }]}
              />
            </div>
          )}
          {kind === 'rollup' && (
            <Field label="And make of it">
              <Select
                value={own ? OWN : rollupOf(options.formula)}
                onChange={(formula) => {
                  setOwn(formula === OWN)
                  if (formula !== OWN) set({ formula })
                }}
                options={ROLLUPS.map(({ formula, name, about }) => ({ value: formula, label: name, detail: about }))}
              />
            </Field>
          )}
        </div>
      )}
      {through && linked && (
        <LinkedFilter
          model={model}
          setting={setting}
          table={linked}
          filter={options.filter ?? null}
          onChange={(filter) => set({ filter })}
        />
      )}
      {(kind === 'formula' || (own && target)) && editor}
      {kind === 'rollup' && !own && current && answer?.errors[0] && (
        <Notice tone="warning">{answer.errors[0].message}</Notice>
      )}
      {kind === 'rollup' && !own && target && <Preview model={model} check={check} row={row} onRow={setRow} />}
      {written && good && good.formats.length > 0 && (
        <FormatForm
          formats={good.formats}
          result={good.result}
          format={good.format}
          onChange={(format) => set({ format })}
        />
      )}
    </>
  )
}

/** Numbers start out plain; a broken one keeps its decimals, a large one is easier to read with separators. */
function startingNumber({ result, preview }: CheckAnswer): Format | undefined {
  const value = preview?.value
  if (result !== 'number' || typeof value !== 'number') return undefined
  const broken = !Number.isInteger(value)
  return broken || Math.abs(value) >= 10_000
    ? { kind: 'number', precision: broken ? 2 : 0, thousands: true }
    : undefined
}

/** Money summed up is money: a rollup starts out looking like what it takes. */
function formatLike(targets: readonly FieldInfo[], id: string): Format | null {
  const target = targets.find((one) => one.id === id)
  if (!target) return null
  const { kind, options } = resultOf(target)
  return ['number', 'currency', 'percent', 'duration', 'date'].includes(kind) ? { ...options, kind } : null
}

function entry(field: FieldInfo) {
  return { value: field.id, label: field.name, icon: <KindIcon kind={field.kind} /> }
}
