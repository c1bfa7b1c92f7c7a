/** Writing a formula: the text with completion, what is wrong with it, the result on a record, and the functions. */

import { useQuery } from '@tanstack/react-query'
import { useId, useMemo, useRef, useState } from 'react'
import { type FormulaFunction, formulaCalls } from '../../api/formulas'
import { functionsKey } from '../../api/queries'
import type { GridModel } from '../model'
import type { NamedField } from './completion'
import styles from './Formula.module.css'
import { FormulaInput } from './FormulaInput'
import { FunctionPanel } from './FunctionPanel'
import { Preview } from './Preview'
import { ProblemList } from './ProblemList'
import { type Fix, problemsNow } from './problems'
import { replaceText } from './typing'
import type { Check } from './useCheck'
import { useDeletedFields } from './useDeletedFields'

interface FormulaEditorProps {
  value: string
  onChange: (value: string) => void
  fields: readonly NamedField[]
  check: Check
  model: GridModel
  /** The row of the grid the result is shown for. */
  row: number
  onRow: (row: number) => void
  onSubmit: () => void
  /** Whether writing goes on here as soon as it is shown. */
  autoFocus: boolean
  placeholder?: string
}

const NONE: readonly FormulaFunction[] = []

export function useFunctions(): readonly FormulaFunction[] {
  const { data } = useQuery({ queryKey: functionsKey, queryFn: formulaCalls.functions, staleTime: 60_000 })
  return data?.functions ?? NONE
}

export function FormulaEditor({
  value,
  onChange,
  fields,
  check,
  model,
  row,
  onRow,
  onSubmit,
  autoFocus,
  placeholder,
}: FormulaEditorProps) {
  const functions = useFunctions()
  const input = useRef<HTMLTextAreaElement>(null)
  const [around, setAround] = useState<string>()
  const list = useId()
  const { answer } = check
  const problems = useMemo(
    () => (answer && value.trim() !== '' ? problemsNow(answer.errors, answer.warnings, check.formula, value) : []),
    [answer, check.formula, value],
  )
  const names = useMemo(() => fields.map((field) => field.name), [fields])

  const missing = problems.some(({ error }) => error.kind === 'unknown_field')
  const { restorable, restore } = useDeletedFields(model, missing)
  const change = ({ start, end, text }: Fix, caret = start + text.length) => {
    if (!input.current) return
    replaceText(input.current, start, end, text)
    input.current.setSelectionRange(caret, caret)
  }
  const insert = (one: FormulaFunction) => {
    const element = input.current
    if (!element) return
    const { selectionStart: start, selectionEnd: end } = element
    const text = `${one.name}(${element.value.slice(start, end)})`
    change({ label: '', start, end, text }, start + text.length - (one.takes.length > 0 ? 1 : 0))
  }
  const show = ([start, end]: readonly [number, number]) => {
    input.current?.focus()
    input.current?.setSelectionRange(start, end)
  }
  return (
    <div className={styles.editor}>
      <div className={styles.main}>
        <FormulaInput
          value={value}
          onChange={onChange}
          fields={fields}
          functions={functions}
          problems={problems}
          onAround={setAround}
          onSubmit={onSubmit}
          autoFocus={autoFocus}
          input={input}
          describedBy={list}
          {...(placeholder ? { placeholder } : {})}
        />
        <ProblemList
          id={list}
          problems={problems}
          text={value}
          fields={names}
          onFix={change}
          onShow={show}
          restorable={restorable}
          onRestore={restore}
        />
        <Preview model={model} check={check} row={row} onRow={onRow} />
      </div>
      <FunctionPanel functions={functions} around={around} onInsert={insert} />
    </div>
  )
}
