/** What is to be done: mine, the team's, what is late; by the day it is due, ticked off in place. */
import { CheckCircle2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Link, useLocation, useSearch } from 'wouter'
import { explain } from '../../api/client'
import { useSession, useTables } from '../../api/queries'
import type { Filter, QueryRequest, Table } from '../../api/types'
import { AddLine } from '../../record/AddLine'
import styles from '../../record/Lists.module.css'
import { TaskLines } from '../../record/TaskLine'
import { type TaskTable, taskTable } from '../../record/taskTable'
import { todayIn } from '../../record/today'
import { useContexts } from '../../record/useContexts'
import { type ListedRecord, useList } from '../../store/useList'
import { useLiveWorkspace } from '../../store/useLive'
import type { Workspace } from '../../store/workspace'
import { EmptyState, Notice, SkeletonLines } from '../../ui/Feedback'
import { Page, PageHead } from '../../ui/Page'
import { Segments } from '../../ui/Segments'
import { Switch } from '../../ui/Switch'
import { paths } from '../paths'
import page from './Tasks.module.css'

type Scope = 'mine' | 'team' | 'overdue'

const MOST = 1000
const EMPTY: Record<Scope, readonly [string, string]> = {
  mine: ['Nothing to do', 'Tasks that are given to you stand here. Write the first one above.'],
  team: ['Nothing to do', 'No open tasks in the team. Write the first one above.'],
  overdue: ['Nothing is late', 'Every task with a day is still in time.'],
}

export default function TasksPage() {
  const { data } = useTables()
  const workspace = useLiveWorkspace()
  const tasks = data && taskTable(data.tables)
  return (
    <Page>
      {!data || !workspace ? (
        <SkeletonLines count={8} />
      ) : tasks ? (
        <TaskLists workspace={workspace} tasks={tasks} tables={data.tables} />
      ) : (
        <EmptyState
          heading="h1"
          icon={<CheckCircle2 size={20} />}
          title="No table of tasks"
          text="The table named Tasks was deleted."
        />
      )}
    </Page>
  )
}

interface ListsProps {
  workspace: Workspace
  tasks: TaskTable
  tables: readonly Table[]
}

function TaskLists({ workspace, tasks, tables }: ListsProps) {
  const { data: session } = useSession()
  const [, navigate] = useLocation()
  const asked = new URLSearchParams(useSearch()).get('show')
  const scope: Scope = asked === 'team' || asked === 'overdue' ? asked : 'mine'
  const [withDone, setWithDone] = useState(false)
  const context = useContexts(workspace)
  const me = session?.user?.id ?? ''
  const today = todayIn(session?.settings.time_zone ?? 'UTC')
  const request = useMemo(
    () => requestOf(tasks, scope, withDone && scope !== 'overdue', me, today),
    [tasks, scope, withDone, me, today],
  )
  const { records, total, loading, error } = useList(workspace, tasks.table, request)
  const groups = byDue(records, tasks, today)
  const [title, assignee] = [tasks.field('title'), tasks.field('assignee')]
  const add = (name: string) => {
    const cells = { ...(title && { [title.id]: name }), ...(assignee && { [assignee.id]: me }) }
    workspace.send([{ op: 'create', table: tasks.table.id, records: [{ cells }] }], 'Add task')
  }
  return (
    <>
      <PageHead
        title="Tasks"
        text={
          <>
            What is to be done, by the day it is due.{' '}
            <Link href={paths.table(tasks.table.key)}>Open the table of all tasks</Link>
          </>
        }
        action={
          <Segments
            label="Whose tasks"
            value={scope}
            onChange={(next) => navigate(paths.tasks(next), { replace: true })}
            options={[
              { value: 'mine', label: 'Mine' },
              { value: 'team', label: 'Team' },
              { value: 'overdue', label: 'Overdue' },
            ]}
          />
        }
      />
      {scope !== 'overdue' && (
        <div className={page.tools}>
          <AddLine label="Add a task for me" add={add} />
          <span className={page.done}>
            <Switch checked={withDone} onChange={setWithDone} label="Show what is done" />
            Done too
          </span>
        </div>
      )}
      {error ? (
        <Notice tone="danger">{explain(error)}</Notice>
      ) : loading ? (
        <SkeletonLines count={6} />
      ) : records.length === 0 ? (
        <EmptyState icon={<CheckCircle2 size={20} />} title={EMPTY[scope][0]} text={EMPTY[scope][1]} />
      ) : (
        groups.map((group) => (
          <section key={group.name} className={page.group} aria-label={group.name}>
            <h2>
              {group.name} <span className={styles.count}>{group.tasks.length}</span>
            </h2>
            <TaskLines records={group.tasks} {...{ workspace, tasks, tables, context, today }} about />
          </section>
        ))
      )}
      {total > records.length && !loading && (
        <p className={page.more}>
          {(total - records.length).toLocaleString()} more are in{' '}
          <Link href={paths.table(tasks.table.key)}>the table</Link>.
        </p>
      )}
    </>
  )
}

function requestOf(tasks: TaskTable, scope: Scope, withDone: boolean, me: string, today: string): QueryRequest {
  const [done, assignee, due] = [tasks.field('done'), tasks.field('assignee'), tasks.field('due')]
  const all: Filter[] = []
  if (done && !withDone) all.push({ field: done.id, op: 'is', value: false })
  if (assignee && scope === 'mine') all.push({ field: assignee.id, op: 'is', value: me })
  if (due && scope === 'overdue') all.push({ field: due.id, op: 'is_before', value: today })
  return {
    filter: all.length > 0 ? { and: all } : null,
    sorts: due ? [{ field: due.id, desc: false }] : [],
    limit: MOST,
  }
}

interface Group {
  name: string
  tasks: ListedRecord[]
}

/** Tasks by when they are due; what is done stands apart. Groups that are empty are left out. */
export function byDue(records: readonly ListedRecord[], tasks: TaskTable, today: string): Group[] {
  const names = ['Overdue', 'Today', 'Next 7 days', 'Later', 'No day', 'Done']
  const groups: Group[] = names.map((name) => ({ name, tasks: [] }))
  const [done, due] = [tasks.field('done'), tasks.field('due')]
  for (const record of records) {
    const day = due ? record.cell(due.id) : null
    const ticked = done !== undefined && record.cell(done.id) === true
    const distance = typeof day === 'string' ? (Date.parse(day) - Date.parse(today)) / 86_400_000 : undefined
    const place = ticked
      ? 5
      : distance === undefined
        ? 4
        : distance < 0
          ? 0
          : distance === 0
            ? 1
            : distance <= 7
              ? 2
              : 3
    groups[place]?.tasks.push(record)
  }
  return groups.filter((group) => group.tasks.length > 0)
}
