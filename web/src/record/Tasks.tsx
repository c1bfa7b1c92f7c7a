/** The record's tasks: what is to be done about it, and by whom. */
import { useMemo } from 'react'
import { explain } from '../api/client'
import { useSession } from '../api/queries'
import type { Field, QueryRequest, RecordId, Table } from '../api/types'
import { useList } from '../store/useList'
import type { Workspace } from '../store/workspace'
import { Notice, SkeletonLines } from '../ui/Feedback'
import { AddLine } from './AddLine'
import styles from './Lists.module.css'
import { TaskLines } from './TaskLine'
import type { TaskTable } from './taskTable'
import { todayIn } from './today'
import { useContexts } from './useContexts'

interface TasksProps {
  workspace: Workspace
  tasks: TaskTable
  tables: readonly Table[]
  /** The field of the tasks that links to the record. */
  link: Field
  record: RecordId
  locked: boolean
}

export function Tasks({ workspace, tasks, tables, link, record, locked }: TasksProps) {
  const { data: session } = useSession()
  const context = useContexts(workspace)
  const [done, due] = [tasks.field('done'), tasks.field('due')]
  const request = useMemo<QueryRequest>(
    () => ({
      filter: { field: link.id, op: 'has_any_of', value: [record] },
      sorts: due ? [{ field: due.id, desc: false }] : [],
      limit: 500,
    }),
    [link, record, due],
  )
  const { records, loading, error } = useList(workspace, tasks.table, request)
  if (error) return <Notice tone="danger">{explain(error)}</Notice>
  if (loading) return <SkeletonLines count={3} />
  const me = session?.user?.id
  const assignee = tasks.field('assignee')
  const title = tasks.field('title')
  const add = (name: string) => {
    const cells: Record<string, unknown> = { [link.id]: [record] }
    if (title) cells[title.id] = name
    if (assignee && me) cells[assignee.id] = me
    workspace.send([{ op: 'create', table: tasks.table.id, records: [{ cells }] }], 'Add task')
  }
  const ticked = (one: (typeof records)[number]) => (done ? one.cell(done.id) === true : false)
  const ordered = [...records.filter((one) => !ticked(one)), ...records.filter(ticked)]
  const today = todayIn(session?.settings.time_zone ?? 'UTC')
  return (
    <section className={styles.list} aria-label="Tasks">
      {ordered.length > 0 && <TaskLines records={ordered} {...{ workspace, tasks, tables, context, today, locked }} />}
      {locked ? (
        ordered.length === 0 && <p className={styles.quiet}>No tasks.</p>
      ) : (
        <AddLine label="Add a task" add={add} />
      )}
    </section>
  )
}
