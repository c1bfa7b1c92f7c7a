/**
 * The text of a formula: a plain textarea, so that no key, input method or undo is lost, over the same text in colours;
 * with completion of fields and functions.
 */
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { FormulaFunction } from '../../api/formulas'
import { CompletionList } from './CompletionList'
import { bracketsAt, closesAlready, functionAround, wordAt } from './caret'
import { type Candidate, candidates, insertion, type NamedField } from './completion'
import styles from './Formula.module.css'
import { FormulaText } from './FormulaText'
import { shownTokens } from './highlight'
import { ParameterHint } from './ParameterHint'
import { type Place, placeOf } from './place'
import type { Problem } from './problems'
import { tokenize } from './tokens'
import { replaceText } from './typing'

interface FormulaInputProps {
  value: string
  onChange: (value: string) => void
  fields: readonly NamedField[]
  functions: readonly FormulaFunction[]
  problems: readonly Problem[]
  /** The function around the caret, or none. */
  onAround?: (name: string | undefined) => void
  /** Ctrl+Enter. */
  onSubmit?: () => void
  autoFocus: boolean
  input: React.RefObject<HTMLTextAreaElement | null>
  describedBy?: string
  placeholder?: string
}

export function FormulaInput(props: FormulaInputProps) {
  const { value, onChange, fields, functions, problems, onAround, onSubmit, input } = props
  const [caret, setCaret] = useState(value.length)
  const [focused, setFocused] = useState(false)
  const [offering, setOffering] = useState(false)
  const [chosen, setChosen] = useState(0)
  const [place, setPlace] = useState<Place>()
  const overlay = useRef<HTMLPreElement>(null)
  /** Where the caret was after the last key that wrote something: moved from there, nothing is offered. */
  const typedAt = useRef(-1)
  const list = useId()

  const tokens = useMemo(() => tokenize(value), [value])
  const shown = useMemo(() => shownTokens(value), [value])
  const word = offering ? wordAt(tokens, caret) : undefined
  const offers = useMemo(() => (word ? candidates(word, fields, functions) : []), [word, fields, functions])
  const open = focused && offers.length > 0
  const around = functionAround(tokens, caret)
  const hinted = around && functions.find((one) => one.name === around.name)
  const brackets = focused ? bracketsAt(tokens, caret) : undefined

  const start = word?.start
  useLayoutEffect(() => {
    if (open && overlay.current && start !== undefined) setPlace(placeOf(overlay.current, start))
  }, [open, start])
  useEffect(() => onAround?.(hinted?.name), [hinted?.name, onAround])
  useEffect(() => {
    const element = input.current
    if (element && element === document.activeElement)
      element.setSelectionRange(element.value.length, element.value.length)
  }, [input])

  const typed = (text: string, at: number) => {
    typedAt.current = at
    setCaret(at)
    setChosen(0)
    setOffering(true)
    onChange(text)
  }
  const moved = (element: HTMLTextAreaElement) => {
    setCaret(element.selectionStart)
    if (element.selectionStart !== typedAt.current) setOffering(false)
  }
  const accept = (candidate: Candidate | undefined) => {
    const element = input.current
    const now = element && wordAt(tokenize(element.value), element.selectionStart)
    if (!element || !candidate || !now) return
    const { start: from, end, text, caret: to } = insertion(candidate, now, element.value)
    replaceText(element, from, end, text)
    element.setSelectionRange(to, to)
    typedAt.current = to
    setCaret(to)
    setOffering(false)
  }

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    const element = event.currentTarget
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey
    const step = open && plain ? STEPS[event.key] : undefined
    if (step !== undefined) setChosen((chosen + step + offers.length) % offers.length)
    else if (open && plain && !event.shiftKey && (event.key === 'Enter' || event.key === 'Tab')) accept(offers[chosen])
    else if (open && event.key === 'Escape') setOffering(false)
    else if (event.key === ' ' && event.ctrlKey) setOffering(true)
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSubmit?.()
    else if (
      event.key === ')' &&
      plain &&
      isBare(element) &&
      closesAlready(tokenize(element.value), element.selectionStart)
    ) {
      const to = element.selectionStart + 1
      element.setSelectionRange(to, to)
      setCaret(to)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div className={styles.input} data-focused={focused || undefined}>
      <div className={styles.paper}>
        <FormulaText ref={overlay} tokens={shown} problems={problems} brackets={brackets} className={styles.overlay} />
        <textarea
          ref={input}
          className={styles.area}
          value={value}
          spellCheck={false}
          autoFocus={props.autoFocus}
          autoCapitalize="off"
          autoComplete="off"
          aria-label="Formula"
          aria-autocomplete="list"
          aria-controls={open ? list : undefined}
          aria-activedescendant={open ? `${list}-${chosen}` : undefined}
          aria-describedby={props.describedBy}
          aria-invalid={problems.some(({ warning }) => !warning)}
          placeholder={props.placeholder}
          onChange={(event) => typed(event.target.value, event.target.selectionStart)}
          onSelect={(event) => moved(event.currentTarget)}
          onKeyDown={onKeyDown}
          onFocus={() => setFocused(true)}
          onBlur={() => setFocused(false)}
        />
      </div>
      <ParameterHint function={hinted} argument={around?.argument ?? 0} />
      {open && place && (
        <CompletionList
          id={list}
          offers={offers}
          chosen={chosen}
          place={place}
          onChoose={setChosen}
          onAccept={accept}
        />
      )}
    </div>
  )
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }

function isBare(element: HTMLTextAreaElement): boolean {
  return element.selectionStart === element.selectionEnd
}
