/** Finds or makes what pasted names stand for: select options are added only when asked, linked records are looked up. */
import { api } from '../../api/client'
import type { Cells, Choice, Field, Op, QueryAnswer, RecordId } from '../../api/types'
import { confirm } from '../../shell/confirm'
import type { Cell } from '../../store/cells'
import { choiceNamed, choicesOf, splitNames } from '../kinds/choices'
import type { CellEdit, GridModel } from '../model'
import type { PastePlan, Unknown } from './paste'

/** The operation that adds options to a select field; the server gives them their ids. */
export function addOptions(field: Field, names: readonly string[]): Op {
  const colors = ['blue', 'green', 'yellow', 'purple', 'orange', 'teal', 'pink', 'cyan', 'red', 'gray']
  const old = choicesOf(field)
  const added = names.map((name, index) => ({ name, color: colors[(old.length + index) % colors.length] ?? 'gray' }))
  return { op: 'update_field', field: field.id, set: { options: { choices: [...old, ...added] as Choice[] } } }
}

export interface Resolved {
  readonly ops: Op[]
  readonly edits: CellEdit[]
  readonly added: Cells[]
  /** Texts that stay out because nothing carries that name. */
  readonly missed: string[]
}

export async function resolveNames(model: GridModel, plan: PastePlan): Promise<Resolved> {
  const result: Resolved = { ops: [], edits: [...plan.edits], added: plan.added.map((one) => ({ ...one })), missed: [] }
  const byField = new Map<string, Unknown[]>()
  for (const one of plan.unknown) byField.set(one.field.id, [...(byField.get(one.field.id) ?? []), one])
  for (const group of byField.values()) {
    const field = group[0]?.field
    if (!field) continue
    const names = [...new Set(group.flatMap((one) => one.names))]
    if (field.kind === 'link') await linkGroup(model, field, group, names, result)
    else if (field.kind === 'single_select' || field.kind === 'multi_select') {
      await choiceGroup(field, group, names, result)
    } else result.missed.push(...names)
  }
  return result
}

function place(result: Resolved, { field, target }: Unknown, value: Cell): void {
  if ('record' in target) result.edits.push([target.record, field.id, value])
  else {
    const cells = result.added[target.made]
    if (cells) cells[field.id] = value
  }
}

async function choiceGroup(field: Field, group: Unknown[], names: string[], result: Resolved): Promise<void> {
  const listed = names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '')
  const yes = await confirm({
    title: `Add ${names.length === 1 ? 'an option' : `${names.length} options`} to ${field.name}?`,
    text: `These are not options yet: ${listed}. Without them, those cells stay as they are.`,
    action: names.length === 1 ? 'Add the option' : 'Add the options',
  })
  if (!yes) {
    result.missed.push(...names)
    return
  }
  result.ops.push(addOptions(field, names))
  for (const one of group) {
    const ids = (field.kind === 'multi_select' ? splitNames(one.text) : [one.text.trim()]).map(
      (name) => choiceNamed(field, name)?.id ?? name,
    )
    place(result, one, field.kind === 'multi_select' ? [...new Set(ids)] : (ids[0] ?? null))
  }
}

async function linkGroup(
  model: GridModel,
  field: Field,
  group: Unknown[],
  names: string[],
  result: Resolved,
): Promise<void> {
  const found = await findByName(model, field, names)
  for (const one of group) {
    const ids = splitNames(one.text).map((name) => found.get(name.toLowerCase()))
    const known = ids.filter((id) => id !== undefined)
    if (known.length === 0) result.missed.push(...one.names)
    else place(result, one, field.options.many === false ? known.slice(0, 1) : [...new Set(known)])
  }
}

async function findByName(model: GridModel, field: Field, names: string[]): Promise<Map<string, RecordId>> {
  const table = model.setting.tables.find((one) => one.id === field.options.table)
  const found = new Map<string, RecordId>()
  if (!table) return found
  for (let at = 0; at < names.length; at += 200) {
    const part = names.slice(at, at + 200)
    const filter = { or: part.map((name) => ({ field: table.primary_field, op: 'is', value: name })) }
    const answer = await api.post<QueryAnswer>(`/api/tables/${table.id}/query`, {
      filter,
      fields: [table.primary_field],
      limit: 1000,
    })
    for (const [row, id] of answer.ids.entries()) {
      const name = String(answer.columns[0]?.[row] ?? '')
      if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), id)
      model.workspace.names.set(id, name)
    }
  }
  return found
}
