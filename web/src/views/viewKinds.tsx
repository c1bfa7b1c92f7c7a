/** The kinds of views: how they are called and drawn, and what a new one starts with. */
import { CalendarDays, LayoutGrid, SquareKanban, Table } from 'lucide-react'
import type { Field, Table as GridTable, ViewConfig, ViewKind } from '../api/types'

export const VIEW_KINDS: readonly { kind: ViewKind; title: string; about: string }[] = [
  { kind: 'grid', title: 'Grid', about: 'Rows and columns, as in a spreadsheet' },
  { kind: 'kanban', title: 'Kanban', about: 'Cards in stacks, by a single select' },
  { kind: 'calendar', title: 'Calendar', about: 'Records on their days' },
  { kind: 'gallery', title: 'Gallery', about: 'Large cards side by side' },
]

const ICONS = { grid: Table, kanban: SquareKanban, calendar: CalendarDays, gallery: LayoutGrid } as const

export function ViewKindIcon({ kind, size = 14 }: { kind: ViewKind; size?: number }) {
  const Icon = ICONS[kind] ?? Table
  return <Icon size={size} aria-hidden="true" data-view-kind={kind} />
}

export function titleOf(kind: ViewKind): string {
  return VIEW_KINDS.find((one) => one.kind === kind)?.title ?? 'Grid'
}

const living = (table: GridTable): Field[] => table.fields.filter((field) => field.archived_at === null)

/** Fields whose options can be the stacks of a kanban; what is called a stage comes first. */
export function stackFields(table: GridTable): Field[] {
  const found = living(table).filter((field) => field.kind === 'single_select')
  return [...found.filter((field) => field.key === 'stage'), ...found.filter((field) => field.key !== 'stage')]
}

/** Fields that give records a day. */
export function dayFields(table: GridTable): Field[] {
  return living(table).filter((field) => ['date', 'date_time', 'created_time', 'modified_time'].includes(field.kind))
}

const CARD_FIELDS = 4

/** What a new view of a kind holds: cards show a few fields, stacks and days come from the first field that fits. */
export function startConfig(kind: ViewKind, table: GridTable): ViewConfig {
  if (kind === 'grid') return {}
  const fields = living(table).sort((a, b) => a.position - b.position)
  const own = kind === 'kanban' ? stackFields(table)[0]?.id : undefined
  const shown = fields
    .filter((field) => !field.primary && field.id !== own)
    .slice(0, kind === 'calendar' ? 0 : CARD_FIELDS)
  const hidden = fields.filter((field) => !field.primary && !shown.includes(field)).map((field) => field.id)
  if (kind === 'kanban') return { hidden, stack: own ?? null }
  if (kind === 'calendar') {
    const days = dayFields(table)
    return { hidden, date: (days.find((field) => !field.read_only) ?? days[0])?.id ?? null }
  }
  return { hidden }
}
