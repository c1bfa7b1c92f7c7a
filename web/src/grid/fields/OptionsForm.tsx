/** The settings of a field by its kind. */
import { Plus, X } from 'lucide-react'
import { useRef } from 'react'
import { flushSync } from 'react-dom'
import type { Choice, FieldKind, FieldOptions, Table } from '../../api/types'
import { Button, IconButton } from '../../ui/Button'
import { Field, Input } from '../../ui/Field'
import { Menu, MenuItem } from '../../ui/Menu'
import { Select } from '../../ui/Select'
import { Switch } from '../../ui/Switch'
import styles from './Fields.module.css'

export const COLORS = ['blue', 'cyan', 'teal', 'green', 'yellow', 'orange', 'red', 'pink', 'purple', 'gray'] as const

const CURRENCIES = ['USD', 'EUR', 'GBP', 'CHF', 'CAD', 'AUD', 'SEK', 'NOK', 'DKK', 'JPY', 'SGD', 'HKD', 'INR', 'ILS']

interface OptionsFormProps {
  kind: FieldKind
  options: FieldOptions
  onChange: (options: FieldOptions) => void
  tables: readonly Table[]
  /** An existing link cannot change where it leads. */
  fixed: boolean
}

export function OptionsForm({ kind, options, onChange, tables, fixed }: OptionsFormProps) {
  const set = (patch: FieldOptions) => onChange({ ...options, ...patch })
  switch (kind) {
    case 'single_select':
    case 'multi_select':
      return <ChoiceList choices={options.choices ?? []} onChange={(choices) => set({ choices })} />
    case 'number':
    case 'percent':
    case 'currency':
      return (
        <div className={styles.pair}>
          {kind === 'currency' && (
            <Field label="Currency">
              <Select
                value={options.code ?? 'USD'}
                onChange={(code) => set({ code })}
                options={withOwn(CURRENCIES, options.code).map((code) => ({ value: code, label: code }))}
              />
            </Field>
          )}
          <Field label="Decimal places">
            <Select
              value={String(options.precision ?? 0)}
              onChange={(precision) => set({ precision: Number(precision) })}
              options={['0', '1', '2', '3', '4', '5', '6', '7', '8'].map((value) => ({ value, label: value }))}
            />
          </Field>
          {kind === 'number' && (
            <Toggle
              checked={options.thousands ?? false}
              onChange={(thousands) => set({ thousands })}
              label="Thousands separators"
            />
          )}
        </div>
      )
    case 'rating':
      return (
        <Field label="Stars">
          <Select
            value={String(options.max ?? 5)}
            onChange={(max) => set({ max: Number(max) })}
            options={Array.from({ length: 10 }, (_, index) => ({ value: `${index + 1}`, label: `${index + 1}` }))}
          />
        </Field>
      )
    case 'date':
    case 'date_time':
    case 'created_time':
    case 'modified_time':
      return (
        <div className={styles.pair}>
          <Field label="Date format">
            <Select
              value={options.format ?? 'iso'}
              onChange={(format) => set({ format })}
              options={[
                { value: 'friendly', label: 'Nov 23, 2026' },
                { value: 'iso', label: '2026-11-23' },
                { value: 'european', label: '23/11/2026' },
                { value: 'us', label: '11/23/2026' },
              ]}
            />
          </Field>
          {kind !== 'date' && (
            <Field label="Time format">
              <Select
                value={options.clock ?? '24h'}
                onChange={(clock) => set({ clock })}
                options={[
                  { value: '24h', label: '14:30' },
                  { value: '12h', label: '2:30pm' },
                ]}
              />
            </Field>
          )}
        </div>
      )
    case 'duration':
      return (
        <Field label="Format">
          <Select
            value={options.format ?? 'h:mm'}
            onChange={(format) => set({ format })}
            options={[
              { value: 'h:mm', label: 'h:mm (1:30)' },
              { value: 'h:mm:ss', label: 'h:mm:ss (1:30:15)' },
            ]}
          />
        </Field>
      )
    case 'link':
      return (
        <div className={styles.pair}>
          <Field label="Records of">
            <Select
              value={options.table ?? null}
              disabled={fixed}
              onChange={(table) => set({ table })}
              options={tables.map((table) => ({ value: table.id, label: table.name }))}
            />
          </Field>
          {!fixed && (
            <Toggle checked={options.many ?? true} onChange={(many) => set({ many })} label="Allow several records" />
          )}
        </div>
      )
    default:
      return null
  }
}

function Toggle(props: { checked: boolean; onChange: (checked: boolean) => void; label: string }) {
  return (
    <span className={styles.toggle}>
      <Switch {...props} />
      <span aria-hidden="true">{props.label}</span>
    </span>
  )
}

function withOwn(codes: readonly string[], own: string | undefined): string[] {
  return own && !codes.includes(own) ? [own, ...codes] : [...codes]
}

function ChoiceList({ choices, onChange }: { choices: Choice[]; onChange: (choices: Choice[]) => void }) {
  const list = useRef<HTMLDivElement>(null)
  const put = (index: number, patch: Partial<Choice>) =>
    onChange(choices.map((choice, at) => (at === index ? { ...choice, ...patch } : choice)))
  const add = () => {
    const color = COLORS[choices.length % COLORS.length] ?? 'gray'
    flushSync(() => onChange([...choices, { name: '', color } as Choice]))
    list.current?.querySelector<HTMLInputElement>(':scope > :last-child input')?.focus()
  }
  return (
    <div>
      <span className={styles.label}>Options</span>
      <div ref={list} className={styles.choices}>
        {choices.map((choice, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: new options have no id yet, and the list is only appended to
          <div key={index} className={styles.choice}>
            <Menu
              label="Colour"
              trigger={
                <button
                  type="button"
                  className={styles.swatch}
                  aria-label={`Colour of ${choice.name || 'the option'}: ${choice.color}`}
                  style={{ background: `var(--pill-${choice.color}-bg)`, color: `var(--pill-${choice.color}-fg)` }}
                />
              }
            >
              {COLORS.map((color) => (
                <MenuItem
                  key={color}
                  icon={<span className={styles.dot} style={{ background: `var(--pill-${color}-fg)` }} />}
                  onSelect={() => put(index, { color })}
                >
                  {color}
                </MenuItem>
              ))}
            </Menu>
            <Input
              value={choice.name}
              aria-label={`Option ${index + 1}`}
              onChange={(name) => put(index, { name })}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return
                event.preventDefault()
                add()
              }}
            />
            <IconButton
              label={`Remove ${choice.name || 'option'}`}
              size="small"
              onClick={() => onChange(choices.filter((_, at) => at !== index))}
            >
              <X size={13} />
            </IconButton>
          </div>
        ))}
      </div>
      <Button size="small" variant="ghost" icon={<Plus size={13} />} onClick={add}>
        Add an option
      </Button>
    </div>
  )
}
