/** Finds records to link to: those whose name matches first, then those where another field does. */
import { api } from '../../api/client'
import type { Field, QueryAnswer, QueryRequest, RecordId, Table, TableId } from '../../api/types'
import type { Workspace } from '../../store/workspace'
import { type KindContext, kindOf } from '../kinds'

/** A record that can be picked: its name, and a few more fields that tell it from its namesakes. */
export interface Candidate {
  readonly id: RecordId
  readonly name: string
  readonly about: string
}

const SHOWN = 40
const TELLING = 3
const RECENT = 5
const NAMED_BY_TEXT = ['text', 'long_text', 'email', 'phone', 'url']
const LEFT_OUT = [
  'link',
  'long_text',
  'checkbox',
  'attachment',
  'rating',
  'auto_number',
  'created_time',
  'modified_time',
]

/** What was picked in this window lately, newest first. */
const recent = new Map<TableId, Candidate[]>()

export const recentOf = (table: TableId): readonly Candidate[] => recent.get(table) ?? []

export function remember(table: TableId, picked: Candidate): void {
  const others = recentOf(table).filter((one) => one.id !== picked.id)
  recent.set(table, [picked, ...others].slice(0, RECENT))
}

/** The few fields beside the name, in the table's order, that say most in a line. */
export function tellingFields(table: Table): Field[] {
  return table.fields
    .filter((field) => !field.archived_at && field.id !== table.primary_field && !LEFT_OUT.includes(field.kind))
    .sort((a, b) => a.position - b.position)
    .slice(0, TELLING)
}

interface Asking {
  table: Table
  text: string
  context: KindContext
  workspace: Workspace
  signal: AbortSignal
}

export async function findRecords({ table, text, context, workspace, signal }: Asking): Promise<Candidate[]> {
  const telling = tellingFields(table)
  const primary = table.fields.find((field) => field.id === table.primary_field)
  const ask = (more: QueryRequest) =>
    api.post<QueryAnswer>(
      `/api/tables/${table.id}/query`,
      { fields: [table.primary_field, ...telling.map((field) => field.id)], limit: SHOWN, ...more },
      { signal },
    )
  const byName = text !== '' && primary !== undefined && NAMED_BY_TEXT.includes(primary.kind)
  const named = { field: table.primary_field, op: 'contains', value: text }
  const answers = await Promise.all([
    ...(byName ? [ask({ filter: { and: [named] } as QueryRequest['filter'] })] : []),
    ask({ search: text }),
  ])
  const found = new Map<RecordId, Candidate>()
  for (const answer of answers) {
    for (const [row, id] of answer.ids.entries()) {
      const shown = (index: number, field: Field) =>
        kindOf(field).format(answer.columns[index]?.[row] ?? null, { ...context, field })
      const name = primary ? shown(0, primary) : ''
      const about = telling.map((field, index) => shown(index + 1, field)).filter((part) => part !== '')
      if (!found.has(id)) found.set(id, { id, name: name || 'Unnamed record', about: about.join(' · ') })
      workspace.names.set(id, name)
    }
  }
  return startingFirst([...found.values()], text).slice(0, SHOWN)
}

/** Names that begin with what was typed come before those that hold it further in. */
export function startingFirst(found: readonly Candidate[], text: string): Candidate[] {
  const wanted = text.toLowerCase()
  const rank = ({ name }: Candidate) => {
    const at = name.toLowerCase().indexOf(wanted)
    return at === 0 ? 0 : at > 0 ? 1 : 2
  }
  return wanted === '' ? [...found] : [...found].sort((a, b) => rank(a) - rank(b))
}
