import type { FieldKind, FieldOptions, Table } from '../../api/types'
import type { ComputedOptions } from '../kinds/computed'

export interface KindInfo {
  readonly kind: FieldKind
  readonly name: string
  readonly about: string
}

/** The kinds a person can choose, in the order of the list. */
export const KIND_LIST: readonly KindInfo[] = [
  { kind: 'text', name: 'Single line text', about: 'Names, titles, short notes' },
  { kind: 'long_text', name: 'Long text', about: 'Notes over several lines' },
  { kind: 'single_select', name: 'Single select', about: 'One option out of a list' },
  { kind: 'multi_select', name: 'Multiple select', about: 'Any number of options' },
  { kind: 'link', name: 'Link to records', about: 'Records of another table' },
  { kind: 'attachment', name: 'Attachment', about: 'Files, pictures, PDF' },
  { kind: 'user', name: 'Person', about: 'Someone of the team' },
  { kind: 'number', name: 'Number', about: 'Plain numbers' },
  { kind: 'currency', name: 'Currency', about: 'Exact amounts of money' },
  { kind: 'percent', name: 'Percent', about: 'Shares and probabilities' },
  { kind: 'rating', name: 'Rating', about: 'Stars' },
  { kind: 'checkbox', name: 'Checkbox', about: 'Yes or no' },
  { kind: 'date', name: 'Date', about: 'A day' },
  { kind: 'date_time', name: 'Date and time', about: 'A moment in a time zone' },
  { kind: 'duration', name: 'Duration', about: 'Hours and minutes' },
  { kind: 'email', name: 'E-mail', about: 'An e-mail address' },
  { kind: 'phone', name: 'Phone', about: 'A phone number' },
  { kind: 'url', name: 'Web address', about: 'A link to a page' },
  { kind: 'formula', name: 'Formula', about: 'Computed from other fields' },
  { kind: 'lookup', name: 'Lookup', about: 'Values of linked records' },
  { kind: 'rollup', name: 'Rollup', about: 'Linked records summed up' },
  { kind: 'count', name: 'Count', about: 'How many records are linked' },
  { kind: 'created_time', name: 'Created time', about: 'When the record was made' },
  { kind: 'modified_time', name: 'Modified time', about: 'When it last changed' },
  { kind: 'created_by', name: 'Created by', about: 'Who made it' },
  { kind: 'modified_by', name: 'Modified by', about: 'Who last changed it' },
  { kind: 'auto_number', name: 'Auto number', about: 'A running number' },
]

export function kindName(kind: string): string {
  return KIND_LIST.find((one) => one.kind === kind)?.name ?? kind
}

interface Start {
  readonly tables: readonly Table[]
  readonly table: Table
}

/** The options a new field of a kind starts with; the server fills in what is left out. */
export function startOptions(kind: FieldKind, currency: string, { tables, table }: Start): FieldOptions {
  switch (kind) {
    case 'currency':
      return { code: currency, precision: 0 }
    case 'percent':
      return { precision: 0 }
    case 'number':
      return { precision: 0, thousands: true }
    case 'rating':
      return { max: 5 }
    case 'single_select':
    case 'multi_select':
      return { choices: [] }
    case 'date':
    case 'date_time':
    case 'created_time':
    case 'modified_time':
      return { format: 'friendly', ...(kind === 'date' ? {} : { clock: '24h' as const }) }
    case 'duration':
      return { format: 'h:mm' }
    case 'link':
      return { many: true, ...(tables[0] ? { table: tables[0].id } : {}) }
    case 'lookup':
    case 'rollup':
    case 'count': {
      const link = table.fields.find((field) => field.kind === 'link' && field.archived_at === null)
      const start: ComputedOptions = {
        ...(link ? { link: link.id } : {}),
        ...(kind === 'rollup' ? { formula: 'SUM(values)' } : {}),
      }
      return start as FieldOptions
    }
    default:
      return {}
  }
}
