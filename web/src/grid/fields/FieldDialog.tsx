/** Adds a field or changes one: name, kind with its settings, description. */
import { useEffect, useState } from 'react'
import { useSession } from '../../api/queries'
import type { FieldKind, FieldOptions, NewField, Op } from '../../api/types'
import { toast } from '../../shell/toasts'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Notice } from '../../ui/Feedback'
import { Field, Input, TextArea } from '../../ui/Field'
import { Picker } from '../../ui/Picker'
import type { FieldDialogState } from '../control/useMenus'
import { useReaders } from '../formula/readers'
import { type ComputedOptions, computedOptions, isComputedKind, OWN_OPTIONS, startingOptions } from '../kinds/computed'
import { KindIcon } from '../kinds/KindIcon'
import type { GridModel, Setting } from '../model'
import type { GridControl } from '../useGridControl'
import { ComputedForm } from './ComputedForm'
import { type Draft, draftKey, draftOf, forgetDraft, keepDraft } from './drafts'
import styles from './Fields.module.css'
import { KIND_LIST, kindName, startOptions } from './kindList'
import { OptionsForm } from './OptionsForm'

interface FieldDialogProps {
  model: GridModel
  setting: Setting
  control: GridControl
}

export function FieldDialog(props: FieldDialogProps) {
  const { fieldDialog } = props.control
  return fieldDialog ? <FieldForm key={fieldDialog.serial} {...props} state={fieldDialog} /> : null
}

function FieldForm({ model, setting, control, state }: FieldDialogProps & { state: FieldDialogState }) {
  const { data: session } = useSession()
  const { closeFieldDialog } = control
  const old = state.field
  const [name, setName] = useState(old?.name ?? '')
  const [kind, setKind] = useState<FieldKind>(old?.kind ?? 'text')
  const [options, setOptions] = useState<FieldOptions>(() => (old ? startingOptions(old) : {}))
  const [description, setDescription] = useState(old?.description ?? '')
  const [busy, setBusy] = useState(false)
  const [open, setOpen] = useState(true)
  const [ready, setReady] = useState(true)
  const others = setting.table.fields.filter((field) => field.id !== old?.id && field.archived_at === null)
  const taken = others.some((field) => field.name.toLowerCase() === name.trim().toLowerCase())
  const error = taken ? 'Another field has this name.' : undefined
  const retyped = old !== undefined && old.kind !== kind
  const computed = isComputedKind(kind)
  const incomplete = computed ? !ready : kind === 'link' && !options.table
  const saveable = !busy && name.trim() !== '' && !taken && !incomplete

  const readers = useReaders(old)
  const keptAs = draftKey(setting.table.id, old?.id)
  const [draft, setDraft] = useState(() => draftOf(keptAs))

  const dismiss = () => {
    const { formula = '' } = options as ComputedOptions
    const before = old ? computedOptions(old).formula : kind === 'rollup' ? 'SUM(values)' : ''
    if (computed && formula.trim() !== '' && formula !== before) {
      keepDraft(keptAs, { name, kind, options: options as ComputedOptions })
    }
    setOpen(false)
  }
  const discard = () => {
    forgetDraft(keptAs)
    setOpen(false)
  }
  /** Brings the new column into view as soon as it is there. */
  const reveal = (wanted: string, left = 40) => {
    const col = model.setting.fields.findIndex((field) => field.name === wanted)
    if (col >= 0) control.surface.current?.scrollTo(col, control.selectionNow().cell?.[1] ?? 0)
    else if (left > 0) setTimeout(() => reveal(wanted, left - 1), 50)
  }
  const bringBack = (kept: Draft) => {
    setDraft(undefined)
    setName(kept.name || name)
    setKind(kept.kind as FieldKind)
    setOptions(kept.options as FieldOptions)
  }

  useEffect(() => {
    if (open) return
    const timer = setTimeout(() => closeFieldDialog(state), 160)
    return () => clearTimeout(timer)
  }, [open, state, closeFieldDialog])

  const choose = (next: string) => {
    const picked = next as FieldKind
    setKind(picked)
    const selects = ['single_select', 'multi_select']
    if (picked === old?.kind) setOptions(startingOptions(old))
    else if (!(selects.includes(picked) && selects.includes(kind))) {
      setOptions(startOptions(picked, session?.settings.currency ?? 'USD', setting))
    }
  }

  const save = async () => {
    if (!saveable) return
    setBusy(true)
    const answer = await model.workspace.sendAndWait(
      [operation()],
      old ? `Edit field ${old.name}` : `Add field ${name}`,
    )
    setBusy(false)
    if (!answer) return
    discard()
    if (!old) reveal(name.trim())
    if (answer.lost > 0) {
      toast({
        text: `${answer.lost.toLocaleString('en-US')} ${answer.lost === 1 ? 'value' : 'values'} did not fit and became empty`,
        detail: `“${name.trim()}” is now ${kindName(kind).toLowerCase()}. Undo brings the old kind and all values back.`,
        tone: 'danger',
        duration: 0,
        action: { label: 'Undo', run: () => void model.workspace.undo() },
      })
    }
  }

  const operation = (): Op => {
    const kept = sent(kind, options)
    if (old) {
      const set: Partial<NewField> = {}
      if (name.trim() !== old.name) set.name = name.trim()
      if (kind !== old.kind) set.kind = kind
      if (kind !== old.kind || JSON.stringify(kept) !== JSON.stringify(sent(kind, startingOptions(old))))
        set.options = kept
      if (description !== old.description) set.description = description
      return { op: 'update_field', field: old.id, set }
    }
    const before = state.at === undefined ? undefined : setting.fields[state.at]?.id
    const field = { name: name.trim(), kind, options: kept, description }
    return { op: 'create_field', table: setting.table.id, field, ...(before ? { before } : {}) }
  }

  return (
    <Dialog
      open={open}
      onClose={dismiss}
      size={computed ? 'large' : 'medium'}
      steady={computed}
      title={old ? `Edit field “${old.name}”` : 'New field'}
      finalFocus={() => control.surface.current?.home()}
      foot={
        <>
          <Button onClick={discard}>Cancel</Button>
          <Button variant="primary" busy={busy} disabled={!saveable} onClick={() => void save()}>
            {old ? 'Save' : 'Add field'}
          </Button>
        </>
      }
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        {draft && (
          <Notice
            tone="info"
            title="A formula was left unsaved"
            action={
              <Button size="small" onClick={() => bringBack(draft)}>
                Bring it back
              </Button>
            }
          >
            {draft.options.formula}
          </Notice>
        )}
        <Field label="Name" error={error}>
          <Input value={name} onChange={setName} autoFocus={old?.kind !== 'formula'} maxLength={120} />
        </Field>
        <div>
          <span className={styles.label}>Kind</span>
          <Picker
            label="Kind"
            value={kind}
            onChange={choose}
            className={styles.kind}
            groups={[
              {
                label: 'Kinds',
                items: KIND_LIST.filter((one) => !old || one.kind === old.kind || canRetype(one.kind)).map((one) => ({
                  value: one.kind,
                  label: one.name,
                  hint: one.about,
                  icon: <KindIcon kind={one.kind} />,
                })),
              },
            ]}
          />
        </div>
        {retyped && (
          <Notice tone="warning">
            Values that cannot become {kindName(kind).toLowerCase()} are emptied. You are told how many, and can undo
            it.
          </Notice>
        )}
        {old && readers.length > 0 && (retyped || name.trim() !== old.name) && (
          <ReadersNotice names={readers} retyped={retyped} />
        )}
        {computed ? (
          <ComputedForm
            key={kind}
            kind={kind}
            options={options as ComputedOptions}
            onChange={(next) => setOptions(next as FieldOptions)}
            model={model}
            setting={setting}
            editing={old}
            row={model.placeOf(control.selectionNow().cell?.[1] ?? 0) ?? 0}
            onReady={setReady}
            onSubmit={() => void save()}
          />
        ) : (
          <OptionsForm
            kind={kind}
            options={options}
            onChange={setOptions}
            tables={setting.tables}
            fixed={old?.kind === 'link'}
          />
        )}
        <Field label="Description" hint="Shown to everyone who points at the field's name.">
          <TextArea value={description} onChange={setDescription} rows={2} />
        </Field>
      </form>
    </Dialog>
  )
}

/** Says which fields are computed from the one being changed. */
function ReadersNotice({ names, retyped }: { names: readonly string[]; retyped: boolean }) {
  const list = names.join(', ')
  if (!retyped) return <Notice tone="info">Computed from it: {list}. They follow the new name by themselves.</Notice>
  return (
    <Notice tone="warning" title="Other fields are computed from it">
      {list} may come to other results, or to an error, when this is another kind.
    </Notice>
  )
}

/** Kinds the server fills in by itself cannot be the goal of a change, nor can links. */
function canRetype(kind: FieldKind): boolean {
  return !['created_time', 'modified_time', 'created_by', 'modified_by', 'auto_number', 'link'].includes(kind)
}

/** The options a person sets, as they are sent. */
function sent(kind: FieldKind, options: FieldOptions): FieldOptions {
  if (kind === 'single_select' || kind === 'multi_select') return named(options)
  const own = OWN_OPTIONS[kind]
  if (!own) return options
  const given = options as ComputedOptions
  return Object.fromEntries(own.flatMap((key) => (given[key] == null ? [] : [[key, given[key]]]))) as FieldOptions
}

function named(options: FieldOptions): FieldOptions {
  const choices = (options.choices ?? []).filter((choice) => choice.name.trim() !== '')
  return { ...options, choices }
}
