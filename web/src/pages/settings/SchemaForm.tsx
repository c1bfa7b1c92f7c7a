/** The form of a plugin's settings, drawn from their JSON Schema. */
import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/Button'
import { Notice } from '../../ui/Feedback'
import { Field, Input, TextArea } from '../../ui/Field'
import { Select } from '../../ui/Select'
import { Switch } from '../../ui/Switch'
import { sortProblem } from '../account/useAccountForm'
import styles from './Settings.module.css'
import { type FormValues, readSchema, readValues, type Schema, type SchemaField, startValues } from './schemaForm'

interface SchemaFormProps {
  schema: Schema
  settings: Record<string, unknown>
  onSave: (settings: Record<string, unknown>) => Promise<void>
}

export function SchemaForm({ schema, settings, onSave }: SchemaFormProps) {
  const fields = readSchema(schema)
  const [values, setValues] = useState<FormValues>(() => startValues(fields, settings))
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)

  async function save(event: FormEvent) {
    event.preventDefault()
    const read = readValues(fields, values)
    setProblem('')
    setErrors(read.ok ? {} : read.errors)
    if (!read.ok) return
    setBusy(true)
    try {
      await onSave(read.settings)
    } catch (error) {
      const sorted = sortProblem(
        error,
        fields.map((field) => field.name),
      )
      setErrors(sorted.byMember)
      setProblem(sorted.problem)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className={styles.form} onSubmit={(event) => void save(event)} noValidate>
      {problem && <Notice tone="danger">{problem}</Notice>}
      {fields.map((field) => (
        <SchemaControl
          key={field.name}
          field={field}
          value={values[field.name] ?? ''}
          isSet={field.control === 'secret' && Boolean(settings[field.name])}
          error={errors[field.name]}
          onChange={(value) => setValues({ ...values, [field.name]: value })}
        />
      ))}
      <div className={styles.buttons}>
        <Button type="submit" variant="primary" busy={busy}>
          Save settings
        </Button>
      </div>
    </form>
  )
}

interface SchemaControlProps {
  field: SchemaField
  value: string | boolean
  /** A secret is stored already. */
  isSet: boolean
  error: string | undefined
  onChange: (value: string | boolean) => void
}

function SchemaControl({ field, value, isSet, error, onChange }: SchemaControlProps) {
  if (typeof value === 'boolean') {
    return (
      <div className={styles.switchRow}>
        <div>
          <strong>{field.title}</strong>
          {field.hint && <small>{field.hint}</small>}
        </div>
        <Switch checked={value} onChange={onChange} label={field.title} />
      </div>
    )
  }
  const hint = field.control === 'list' ? `${field.hint} One a line.`.trim() : field.hint
  return (
    <Field label={field.title} hint={hint} error={error}>
      <TextControl field={field} value={value} isSet={isSet} onChange={onChange} />
    </Field>
  )
}

function TextControl({
  field,
  value,
  isSet,
  onChange,
}: Omit<SchemaControlProps, 'value' | 'error'> & { value: string }) {
  switch (field.control) {
    case 'choice':
      return <Select label={field.title} value={value || null} onChange={onChange} options={field.choices} />
    case 'area':
    case 'list':
    case 'json':
      return <TextArea value={value} onChange={onChange} rows={field.control === 'json' ? 6 : 3} spellCheck={false} />
    case 'secret':
      return (
        <Input
          type="password"
          value={value}
          onChange={onChange}
          autoComplete="off"
          placeholder={isSet ? 'Set. Type to replace it.' : ''}
        />
      )
    case 'number':
      return <Input value={value} onChange={onChange} inputMode={field.whole ? 'numeric' : 'decimal'} />
    default:
      return <Input value={value} onChange={onChange} spellCheck={false} />
  }
}
