/** The table of tasks and its fields by what they are for; a field that the team deleted is not there. */
import type { Field, Table } from '../api/types'

export type TaskField = 'title' | 'done' | 'assignee' | 'due' | 'investor' | 'contact' | 'notes'

export interface TaskTable {
  readonly table: Table
  readonly field: (key: TaskField) => Field | undefined
}

export function taskTable(tables: readonly Table[]): TaskTable | undefined {
  const table = tables.find(({ key }) => key === 'tasks')
  if (!table) return undefined
  return { table, field: (key) => table.fields.find((field) => field.key === key && field.archived_at === null) }
}
