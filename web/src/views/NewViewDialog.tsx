/** Makes a view: its kind, its name, who sees it, and the field its cards or days come from. */
import { useState } from 'react'
import type { Table, View, ViewConfig, ViewKind } from '../api/types'
import { KindIcon } from '../grid/kinds/KindIcon'
import { Field, Input } from '../ui/Field'
import { FormDialog } from '../ui/FormDialog'
import { Segments } from '../ui/Segments'
import { Select } from '../ui/Select'
import styles from './Views.module.css'
import type { NewView } from './viewActions'
import { freeName } from './viewActions'
import { dayFields, stackFields, startConfig, titleOf, VIEW_KINDS, ViewKindIcon } from './viewKinds'

interface NewViewDialogProps {
  table: Table
  views: readonly View[]
  kind: ViewKind
  section?: string
  onMake: (made: NewView) => void
  onClose: () => void
}

export function NewViewDialog({ table, views, kind: first, section = '', onMake, onClose }: NewViewDialogProps) {
  const [kind, setKind] = useState(first)
  const [name, setName] = useState(freeName(views, titleOf(first)))
  const [who, setWho] = useState<'shared' | 'personal'>('shared')
  const [own, setOwn] = useState<ViewConfig>({})
  const config = { ...startConfig(kind, table), ...own }
  const missing =
    (kind === 'kanban' && !config.stack && 'This table has no single select field to make stacks of.') ||
    (kind === 'calendar' && !config.date && 'This table has no date field.')
  const choose = (next: ViewKind) => {
    if (name === freeName(views, titleOf(kind))) setName(freeName(views, titleOf(next)))
    setKind(next)
    setOwn({})
  }
  const submit = () => {
    onMake({ name: name.trim(), kind, personal: who === 'personal', config, section })
    onClose()
  }
  return (
    <FormDialog
      onClose={onClose}
      title="New view"
      action="Create view"
      disabled={Boolean(missing) || name.trim() === ''}
      onSubmit={submit}
    >
      <div className={styles.kinds} role="radiogroup" aria-label="Kind of view">
        {VIEW_KINDS.map((one) => (
          <label key={one.kind} className={styles.kind}>
            <input
              type="radio"
              name="kind"
              className="visually-hidden"
              checked={kind === one.kind}
              onChange={() => choose(one.kind)}
            />
            <ViewKindIcon kind={one.kind} size={16} />
            <span>
              <strong>{one.title}</strong>
              <small>{one.about}</small>
            </span>
          </label>
        ))}
      </div>
      <Field label="Name">
        <Input value={name} onChange={setName} maxLength={200} autoFocus onFocus={(event) => event.target.select()} />
      </Field>
      {kind === 'kanban' && config.stack && (
        <Field label="Stacks by">
          <Select
            value={config.stack}
            onChange={(stack) => setOwn({ ...startConfig(kind, table), stack })}
            options={stackFields(table).map((field) => ({
              value: field.id,
              label: field.name,
              icon: <KindIcon kind={field.kind} />,
            }))}
          />
        </Field>
      )}
      {kind === 'calendar' && config.date && (
        <Field label="Days by">
          <Select
            value={config.date}
            onChange={(date) => setOwn({ date })}
            options={dayFields(table).map((field) => ({
              value: field.id,
              label: field.name,
              icon: <KindIcon kind={field.kind} />,
            }))}
          />
        </Field>
      )}
      {missing && <p className={styles.missing}>{missing} Add one in the grid first.</p>}
      <Segments
        label="Who sees it"
        value={who}
        onChange={setWho}
        options={[
          { value: 'shared', label: 'Shared with the team' },
          { value: 'personal', label: 'Personal' },
        ]}
      />
    </FormDialog>
  )
}
