/** One task: ticked off, named, given to somebody, due on a day; the same in the panel and on the page of tasks. */
import { Link } from 'wouter'
import type { RecordId, Table } from '../api/types'
import type { KindContext } from '../grid/kinds'
import { listOf } from '../grid/kinds/choices'
import { paths } from '../pages/paths'
import { updateOp } from '../store/ops'
import type { ListedRecord } from '../store/useList'
import type { Workspace } from '../store/workspace'
import { Avatar } from '../ui/Avatar'
import { Checkbox } from '../ui/Checkbox'
import { cx } from '../ui/classes'
import styles from './Lists.module.css'
import { QuickCell } from './QuickCell'
import type { TaskTable } from './taskTable'

interface TaskLineProps {
  workspace: Workspace
  tasks: TaskTable
  tables: readonly Table[]
  task: ListedRecord
  context: (field: TaskTable['table']['fields'][number]) => KindContext
  /** Today in the team's zone, as `2026-11-23`. */
  today: string
  /** Names the investor or contact, where that is not plain from around it. */
  about?: boolean
  locked?: boolean
}

/** Several tasks under each other. */
export function TaskLines({ records, ...rest }: Omit<TaskLineProps, 'task'> & { records: readonly ListedRecord[] }) {
  return (
    <ul className={styles.lines}>
      {records.map((task) => (
        <TaskLine key={task.id} task={task} {...rest} />
      ))}
    </ul>
  )
}

function TaskLine({ workspace, tasks, tables, task, context, today, about, locked = false }: TaskLineProps) {
  const [title, done, due, assignee] = (['title', 'done', 'due', 'assignee'] as const).map((key) => tasks.field(key))
  const name = (title && String(task.cell(title.id) ?? '')) || 'Unnamed task'
  const ticked = done ? task.cell(done.id) === true : false
  const day = due ? task.cell(due.id) : null
  const late = !ticked && typeof day === 'string' && day < today
  const tick = (next: boolean) => {
    if (!done) return
    workspace.send([updateOp(tasks.table.id, [[task.id, done.id, next || null]])], next ? 'Tick off' : 'Reopen')
  }
  const common = { workspace, table: tasks.table, tables, record: task.id, locked }
  return (
    <li className={styles.task} data-done={ticked || undefined} data-task={task.id}>
      <Checkbox checked={ticked} onChange={tick} label={`Done: ${name}`} disabled={locked || !done} />
      <span className={styles.taskName}>
        <Link href={paths.record(tasks.table.key, task.id)} className={styles.name ?? ''}>
          {name}
        </Link>
        {about && <About workspace={workspace} tasks={tasks} tables={tables} task={task} />}
      </span>
      {due && (
        <QuickCell
          {...common}
          field={due}
          context={context(due)}
          value={day}
          className={cx(styles.due, late && styles.late)}
          shown={typeof day === 'string' ? dayWord(day, today) : undefined}
        />
      )}
      {assignee && (
        <QuickCell
          {...common}
          field={assignee}
          context={context(assignee)}
          value={task.cell(assignee.id)}
          className={styles.assignee ?? ''}
          shown={<Assignee id={task.cell(assignee.id)} context={context(assignee)} />}
        />
      )}
    </li>
  )
}

function Assignee({ id, context }: { id: unknown; context: KindContext }) {
  if (typeof id !== 'string') return <span className={styles.nobody} aria-hidden="true" />
  return <Avatar id={id} name={context.users.find((user) => user.id === id)?.name ?? '?'} size={22} />
}

function About({ workspace, tasks, tables, task }: Pick<TaskLineProps, 'workspace' | 'tasks' | 'tables' | 'task'>) {
  const links = (['investor', 'contact'] as const).flatMap((key) => {
    const field = tasks.field(key)
    const table = field && tables.find(({ id }) => id === field.options.table)
    const ids: readonly RecordId[] = field ? listOf(task.cell(field.id)) : []
    return table ? ids.map((id) => ({ id, table })) : []
  })
  return (
    <>
      {links.map(({ id, table }) => (
        <Link key={id} href={paths.record(table.key, id)} className={styles.about ?? ''}>
          {workspace.names.get(id) || `Unnamed ${table.name_one.toLowerCase()}`}
        </Link>
      ))}
    </>
  )
}

/** A due day as people say it: Today, Tomorrow, a weekday within the week, else the date. */
export function dayWord(day: string, today: string): string {
  const distance = Math.round((Date.parse(day) - Date.parse(today)) / 86_400_000)
  if (distance === 0) return 'Today'
  if (distance === 1) return 'Tomorrow'
  if (distance === -1) return 'Yesterday'
  const moment = new Date(`${day}T00:00:00Z`)
  if (distance > 1 && distance < 7) return moment.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' })
  const year = day.slice(0, 4) === today.slice(0, 4) ? undefined : ('numeric' as const)
  return moment.toLocaleDateString('en', { day: 'numeric', month: 'short', year, timeZone: 'UTC' })
}
