/** The kinds of views: how they are called and drawn, and what a new one starts with. */
import { CalendarDays, LayoutGrid, SquareKanban, Table } from 'lucide-react'
import type { Field, Table as GridTable, ViewConfig, ViewKind } from '../api/types'
import { shownAs } from '../grid/kinds/computed'

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

/** Those a predicate holds for first, the others behind them; each part keeps its order. */
function leading(fields: readonly Field[], first: (field: Field) => boolean): Field[] {
  return [...fields.filter(first), ...fields.filter((field) => !first(field))]
}

/**
 * Fields whose options can be the stacks of a kanban: what is called a stage comes first, what is computed last (its
 * cards stay where the formula or lookup puts them).
 */
export function stackFields(table: GridTable): Field[] {
  const found = living(table).filter((field) => shownAs(field).kind === 'single_select')
  return leading(
    leading(found, (field) => !field.read_only),
    (field) => field.key === 'stage',
  )
}

const DAYS: readonly string[] = ['date', 'date_time', 'created_time', 'modified_time']

/** Fields that give records a day, also computed ones. */
export function dayFields(table: GridTable): Field[] {
  return living(table).filter((field) => DAYS.includes(shownAs(field).kind))
}

/** Fields whose first picture can stand on top of a card. */
export function coverFields(table: GridTable): Field[] {
  return living(table).filter((field) => field.kind === 'attachment')
}

/** The field of the covers, when the view has one that is still there. */
export function coverOf(table: GridTable, config: ViewConfig): Field | undefined {
  return coverFields(table).find((field) => field.id === config.cover)
}

const CARD_FIELDS = 4

/** What a new view of a kind holds: cards show a few fields, stacks and days come from the first field that fits. */
export function startConfig(kind: ViewKind, table: GridTable): ViewConfig {
  if (kind === 'grid') return {}
  const fields = living(table).sort((a, b) => a.position - b.position)
  const own = kind === 'kanban' ? stackFields(table)[0]?.id : undefined
  const cover = kind === 'gallery' ? coverFields(table)[0]?.id : undefined
  const shown = fields
    .filter((field) => !field.primary && field.id !== own && field.id !== cover)
    .slice(0, kind === 'calendar' ? 0 : CARD_FIELDS)
  const hidden = fields.filter((field) => !field.primary && !shown.includes(field)).map((field) => field.id)
  if (kind === 'kanban') return { hidden, stack: own ?? null }
  if (kind === 'calendar') {
    const days = dayFields(table)
    return { hidden, date: (days.find((field) => !field.read_only) ?? days[0])?.id ?? null }
  }
  return cover ? { hidden, cover } : { hidden }
}
