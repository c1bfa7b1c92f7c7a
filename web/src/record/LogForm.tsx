/** Writes down a call, a meeting, a note or a mail by hand: what, when, with whom. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { ActivityKind, LoggedActivity } from '../api/around'
import { api, explain } from '../api/client'
import type { GridModel } from '../grid/model'
import { Avatar } from '../ui/Avatar'
import { Button } from '../ui/Button'
import { Notice } from '../ui/Feedback'
import { Field, Input, TextArea } from '../ui/Field'
import { Segments } from '../ui/Segments'
import styles from './Timeline.module.css'

const KINDS: { value: ActivityKind; label: string }[] = [
  { value: 'call', label: 'Call' },
  { value: 'meeting', label: 'Meeting' },
  { value: 'note', label: 'Note' },
  { value: 'mail', label: 'Mail' },
]
const MOST_CONTACTS = 30

interface LogFormProps {
  model: GridModel
  base: string
  kind: ActivityKind
  /** The entry that is edited. */
  entry: LoggedActivity | undefined
  contacts: readonly string[]
  done: () => void
  cancel: () => void
}

export function LogForm({ model, base, kind: first, entry, contacts, done, cancel }: LogFormProps) {
  const [kind, setKind] = useState(first)
  const [subject, setSubject] = useState(entry?.subject ?? '')
  const [body, setBody] = useState(entry?.body ?? '')
  const [at, setAt] = useState(() => localMoment(entry ? new Date(entry.at) : new Date()))
  const [there, setThere] = useState<readonly string[]>(() => attendees(entry))
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    form.current?.querySelector<HTMLInputElement>('input[name=subject]')?.focus()
    form.current?.scrollIntoView({ block: 'nearest' })
  }, [])

  const people = model.setting.users.filter((user) => user.active).map(({ id, name }) => ({ id, name, user: true }))
  const offered = contacts
    .slice(0, MOST_CONTACTS)
    .map((id) => ({ id, name: model.workspace.names.get(id) ?? 'Unnamed contact', user: false }))
  const save = async () => {
    setBusy(true)
    setProblem(undefined)
    const moment = new Date(at)
    const sent = {
      kind,
      subject,
      body,
      ...(Number.isNaN(moment.getTime()) ? {} : { at: moment.toISOString() }),
      participants: there,
    }
    try {
      if (entry) await api.patch(`/api/activities/${entry.id}`, sent)
      else await api.post(`${base}/activities`, sent)
      done()
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  const empty = subject.trim() === '' && body.trim() === ''
  const onKeyDown = (event: KeyboardEvent) => {
    // What was written is not lost by a key: Cancel takes it back.
    if (event.key === 'Escape') {
      if (empty) cancel()
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const toggle = (id: string) => setThere(there.includes(id) ? there.filter((one) => one !== id) : [...there, id])
  return (
    <form
      ref={form}
      className={styles.form}
      aria-label={entry ? 'Edit the entry' : 'Log what happened'}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault()
        if (!empty) void save()
      }}
    >
      <Segments label="What happened" value={kind} onChange={setKind} options={KINDS} />
      <Field label="Subject" hideLabel>
        <Input
          name="subject"
          value={subject}
          onChange={setSubject}
          maxLength={300}
          placeholder={kind === 'note' ? 'Headline (optional)' : 'What was it about?'}
        />
      </Field>
      <Field label="Notes" hideLabel>
        <TextArea value={body} onChange={setBody} rows={4} placeholder="What was said, and what comes next" />
      </Field>
      <Field label="When">
        <Input type="datetime-local" value={at} onChange={setAt} />
      </Field>
      <div className={styles.withWhom} role="group" aria-label="Who took part">
        {[...offered, ...people].map(({ id, name, user }) => (
          <button
            key={id}
            type="button"
            className={styles.chip}
            aria-pressed={there.includes(id)}
            onClick={() => toggle(id)}
          >
            {user && <Avatar id={id} name={name} size={16} />}
            {name}
          </button>
        ))}
      </div>
      {problem !== undefined && <Notice tone="danger">{explain(problem)}</Notice>}
      <div className={styles.foot}>
        <Button variant="ghost" onClick={cancel}>
          Cancel
        </Button>
        <Button type="submit" variant="primary" busy={busy} disabled={empty}>
          {entry ? 'Save' : 'Log it'}
        </Button>
      </div>
    </form>
  )
}

function attendees(entry: LoggedActivity | undefined): string[] {
  return (entry?.participants ?? [])
    .filter(({ role }) => role !== 'about')
    .flatMap(({ record, user }) => record ?? user ?? [])
}

/** A moment as an input of date and time takes it, on this person's clock. */
function localMoment(moment: Date): string {
  const two = (number: number) => String(number).padStart(2, '0')
  const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`
  return `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}`
}
