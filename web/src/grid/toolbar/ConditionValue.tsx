/** The right side of a condition, by the kind of field and operator. */
import { useEffect, useRef, useState } from 'react'
import type { Table } from '../../api/types'
import type { Workspace } from '../../store/workspace'
import { Input } from '../../ui/Field'
import { Menu, MenuCheck } from '../../ui/Menu'
import { Picker } from '../../ui/Picker'
import { Select } from '../../ui/Select'
import { Pill } from '../editors/Pill'
import { type KindContext, kindOf } from '../kinds'
import { choicesOf } from '../kinds/choices'
import { shownAs } from '../kinds/computed'
import { DAYS, SPANS, valueShape } from './conditions'
import { DayValue } from './DayValue'
import type { Condition } from './filterTree'
import { RecordValues } from './RecordValues'
import styles from './Toolbar.module.css'

interface ConditionValueProps {
  context: KindContext
  condition: Condition
  workspace: Workspace
  tables: readonly Table[]
  onChange: (value: unknown) => void
}

export function ConditionValue({ context: given, condition, workspace, tables, onChange }: ConditionValueProps) {
  const context = { ...given, field: shownAs(given.field) }
  const { field } = context
  const { value } = condition
  switch (valueShape(field, condition.op)) {
    case 'none':
      return <span className={styles.value} />
    case 'check':
      return (
        <Select
          className={styles.value}
          label="Value"
          value={value === false ? 'no' : 'yes'}
          onChange={(next) => onChange(next === 'yes')}
          options={[
            { value: 'yes', label: 'ticked' },
            { value: 'no', label: 'not ticked' },
          ]}
        />
      )
    case 'one':
      return (
        <Picker
          className={styles.value}
          label="Value"
          value={typeof value === 'string' ? value : null}
          onChange={onChange}
          groups={[{ label: field.name, items: entries(context).map(({ id, name }) => ({ value: id, label: name })) }]}
        />
      )
    case 'many':
      return (
        <ManyValues context={context} chosen={Array.isArray(value) ? (value as string[]) : []} onChange={onChange} />
      )
    case 'records':
      return (
        <RecordValues
          context={context}
          workspace={workspace}
          tables={tables}
          chosen={Array.isArray(value) ? (value as string[]) : []}
          onChange={onChange}
        />
      )
    case 'span':
      return <DayValue units={SPANS} value={value} onChange={onChange} />
    case 'day':
      return <DayValue units={DAYS} exact value={value} onChange={onChange} />
    case 'number':
      return (
        <Typed
          start={typeof value === 'number' ? kindOf(field).edit(value, context) : ''}
          read={(text) => {
            const parsed = kindOf(field).parse(text, context)
            return parsed.ok ? (parsed.value ?? undefined) : undefined
          }}
          onChange={onChange}
        />
      )
    case 'text':
      return (
        <Typed
          start={typeof value === 'string' ? value : ''}
          read={(text) => (text === '' ? undefined : text)}
          onChange={onChange}
        />
      )
  }
}

function entries({ field, users }: KindContext): { id: string; name: string; color?: string }[] {
  return field.kind.endsWith('_select') ? [...choicesOf(field)] : users.map(({ id, name }) => ({ id, name }))
}

interface ManyProps {
  context: KindContext
  chosen: readonly string[]
  onChange: (value: unknown) => void
}

function ManyValues({ context, chosen, onChange }: ManyProps) {
  const all = entries(context)
  const names = all.filter((one) => chosen.includes(one.id)).map((one) => one.name)
  return (
    <Menu
      label="Values"
      trigger={
        <button type="button" className={styles.many}>
          {names.length === 0 ? 'Choose…' : names.join(', ')}
        </button>
      }
    >
      {all.map(({ id, name, color }) => (
        <MenuCheck
          key={id}
          checked={chosen.includes(id)}
          onChange={(on) => onChange(on ? [...chosen, id] : chosen.filter((one) => one !== id))}
        >
          {color ? <Pill text={name} color={color} /> : name}
        </MenuCheck>
      ))}
    </Menu>
  )
}

interface TypedProps {
  start: string
  read: (text: string) => unknown
  onChange: (value: unknown) => void
}

/** Text that narrows the rows a moment after the last key. */
function Typed({ start, read, onChange }: TypedProps) {
  const [text, setText] = useState(start)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const typed = useRef(start)
  // The pause ends in a later drawing: what it tells must be told to that one.
  const tell = useRef(onChange)
  tell.current = onChange
  useEffect(() => () => clearTimeout(timer.current), [])
  // A line that took another's place shows its own value; what was typed here stays as it was typed.
  useEffect(() => {
    const meant = (written: string) => (written === '' ? undefined : read(written))
    if (meant(start) === meant(typed.current)) return
    typed.current = start
    setText(start)
  })
  const say = (next: string) => {
    clearTimeout(timer.current)
    timer.current = undefined
    typed.current = next.trim()
    tell.current(read(typed.current))
  }
  // The form may be closed before the pause is over: what was typed is said first.
  const sayNow = () => timer.current !== undefined && say(text)
  return (
    <Input
      className={styles.value}
      aria-label="Value"
      placeholder="Value"
      value={text}
      onChange={(next) => {
        setText(next)
        clearTimeout(timer.current)
        timer.current = setTimeout(() => say(next), 250)
      }}
      onBlur={sayNow}
      onKeyDown={(event) => (event.key === 'Enter' || event.key === 'Escape') && sayNow()}
    />
  )
}
