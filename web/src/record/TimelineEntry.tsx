/** One entry of the timeline. */
import { CalendarDays, CheckCircle2, Circle, FileText, Mail, MessageSquare, Phone, Plus, SquarePen } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { LoggedActivity, TimelineItem, TimelineKind } from '../api/around'
import { useSession } from '../api/queries'
import type { GridModel } from '../grid/model'
import { paths } from '../pages/paths'
import { MentionText } from './Comments'
import { EditMenu } from './EditMenu'
import { FieldValue } from './FieldValue'
import styles from './Timeline.module.css'
import type { Entry } from './timelineParts'

const ICONS: Readonly<Record<TimelineKind, typeof Phone>> = {
  call: Phone,
  meeting: CalendarDays,
  note: FileText,
  mail: Mail,
  comment: MessageSquare,
  task: Circle,
  change: SquarePen,
}

const NAMES: Readonly<Record<string, string>> = { call: 'Call', meeting: 'Meeting', note: 'Note', mail: 'Mail' }
const DEEDS: Readonly<Record<string, string>> = {
  create: 'added',
  delete: 'deleted',
  restore: 'restored',
  merge: 'merged others into',
  separate: 'took others out of',
}

interface EntryProps {
  entry: Entry
  model: GridModel
  locked: boolean
  edit: (logged: LoggedActivity) => void
  remove: (logged: LoggedActivity) => void
}

export function TimelineEntry({ entry, model, locked, edit, remove }: EntryProps) {
  const { item } = entry
  const Icon = item.task?.done ? CheckCircle2 : item.change?.kind === 'create' ? Plus : ICONS[item.kind]
  const who = item.actor?.name ?? 'The system'
  const moment = new Date(item.at)
  return (
    <li className={styles.entry} data-kind={item.kind}>
      <span className={styles.icon} aria-hidden="true">
        <Icon size={14} />
      </span>
      <div className={styles.body}>
        <header className={styles.line}>
          <span className={styles.what}>{headline(entry, model, who)}</span>
          {item.activity && !locked && <More logged={item.activity} edit={edit} remove={remove} />}
          <time dateTime={item.at} title={moment.toLocaleString()}>
            {moment.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}
          </time>
        </header>
        {entry.cells && <Cells entry={entry} model={model} />}
        {item.activity && <Logged logged={item.activity} />}
        {item.comment && <MentionText body={item.comment.body} nameOf={(id) => item.comment?.mentions[id]} />}
        {item.task?.assignee && <p className={styles.quiet}>For {item.task.assignee.name}</p>}
      </div>
    </li>
  )
}

function headline(entry: Entry, model: GridModel, who: string): ReactNode {
  const { item, cells } = entry
  const table = model.setting.table
  if (item.activity) {
    return (
      <>
        <strong>{item.activity.subject || NAMES[item.kind]}</strong>
        <span className={styles.quiet}>
          {' '}
          {item.activity.subject ? `${NAMES[item.kind]} · ` : ''}
          {who}
        </span>
      </>
    )
  }
  if (item.task) {
    return (
      <>
        <Link
          href={paths.record('tasks', item.task.id)}
          className={styles.task ?? ''}
          data-done={item.task.done || undefined}
        >
          {item.task.title || 'Unnamed task'}
        </Link>
        <span className={styles.quiet}> Task by {who}</span>
      </>
    )
  }
  if (item.comment) return <Deed who={who}>commented</Deed>
  const deed = DEEDS[item.change?.kind ?? '']
  if (deed) return <Deed who={who}>{`${deed} this ${table.name_one.toLowerCase()}${sourceOf(item)}`}</Deed>
  const named = [...(cells?.keys() ?? [])].map((id) => table.fields.find((field) => field.id === id)?.name)
  const known = named.filter((name) => name !== undefined)
  const what = known.length === 0 ? 'a field' : known.length <= 3 ? known.join(', ') : `${known.length} fields`
  return <Deed who={who}>{`changed ${what}${sourceOf(item)}`}</Deed>
}

function Deed({ who, children }: { who: string; children: ReactNode }) {
  return (
    <>
      <strong>{who}</strong> <span className={styles.quiet}>{children}</span>
    </>
  )
}

function sourceOf({ change }: TimelineItem): string {
  const source = change?.source.split(':')[0]
  return source === 'import' ? ' by an import' : source === 'undo' ? ' by undoing' : source === 'api' ? ' by API' : ''
}

function Cells({ entry, model }: { entry: Entry; model: GridModel }) {
  const fields = model.setting.table.fields.filter((field) => entry.cells?.has(field.id))
  return (
    <>
      {fields.map((field) => {
        const cell = entry.cells?.get(field.id)
        return (
          <div key={field.id} className={styles.cell}>
            <span className={styles.quiet}>{field.name}</span>
            <span className={styles.before}>
              <FieldValue value={cell?.before ?? null} context={model.context(field)} />
            </span>
            <span aria-hidden="true">→</span>
            <FieldValue value={cell?.after ?? null} context={model.context(field)} />
          </div>
        )
      })}
    </>
  )
}

function Logged({ logged }: { logged: LoggedActivity }) {
  const there = logged.participants.filter(({ role }) => role !== 'about')
  return (
    <>
      {logged.body !== '' && <p className={styles.text}>{logged.body}</p>}
      {there.length > 0 && (
        <p className={styles.with}>
          With{' '}
          {there.map((one, index) => (
            <span key={one.record ?? one.user ?? one.email ?? one.name}>
              {index > 0 && ', '}
              {one.table && one.record ? <Link href={paths.record(one.table, one.record)}>{one.name}</Link> : one.name}
            </span>
          ))}
        </p>
      )}
    </>
  )
}

interface MoreProps {
  logged: LoggedActivity
  edit: (logged: LoggedActivity) => void
  remove: (logged: LoggedActivity) => void
}

function More({ logged, edit, remove }: MoreProps) {
  const { data: session } = useSession()
  if (!logged.mine && session?.user?.role !== 'admin') return null
  return <EditMenu className={styles.more} edit={() => edit(logged)} remove={() => remove(logged)} />
}
