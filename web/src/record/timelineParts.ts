/** The timeline's entries as they are shown: changes that follow each other put together, under the day they belong to. */
import type { TimelineItem, TimelineKind } from '../api/around'
import type { CellValue } from '../api/types'

export const KIND_NAMES: Readonly<Record<TimelineKind, string>> = {
  call: 'Calls',
  meeting: 'Meetings',
  note: 'Notes',
  mail: 'Mail',
  comment: 'Comments',
  task: 'Tasks',
  change: 'Changes',
}

/** Changes by one person within this time are one entry. */
const TOGETHER_MS = 30 * 60_000

export interface ChangedCell {
  before: CellValue
  after: CellValue
}

export interface Entry {
  id: string
  at: string
  item: TimelineItem
  /** What a run of changes altered, by field: the value before the first and after the last. */
  cells?: Map<string, ChangedCell>
}

/** Entries newest first; a run of plain edits by one person is one entry. */
export function entriesOf(items: readonly TimelineItem[]): Entry[] {
  const entries: Entry[] = []
  for (const item of items) {
    const last = entries.at(-1)
    const cells = cellsOf(item)
    if (last?.cells && cells && together(last, item)) {
      for (const [field, { before, after }] of cells) {
        const known = last.cells.get(field)
        last.cells.set(field, known ? { before, after: known.after } : { before, after })
      }
    } else {
      entries.push({ id: item.id, at: item.at, item, ...(cells && { cells }) })
    }
  }
  return entries
}

function together(last: Entry, item: TimelineItem): boolean {
  const same = last.item.actor?.id === item.actor?.id && last.item.change?.source === item.change?.source
  return same && Date.parse(last.at) - Date.parse(item.at) < TOGETHER_MS
}

function cellsOf({ change }: TimelineItem): Map<string, ChangedCell> | undefined {
  if (change?.kind !== 'update') return undefined
  const fields = Object.keys({ ...change.before, ...change.after })
  return new Map(
    fields.map((field) => [field, { before: change.before?.[field] ?? null, after: change.after?.[field] ?? null }]),
  )
}

const WEEK_MS = 7 * 86_400_000

/** The heading of a day: Today, Yesterday, a weekday, else the date. */
export function dayOf(at: string, now = new Date()): string {
  const moment = new Date(at)
  const plain = moment.toDateString()
  if (plain === now.toDateString()) return 'Today'
  if (plain === new Date(now.getTime() - 86_400_000).toDateString()) return 'Yesterday'
  if (Math.abs(now.getTime() - moment.getTime()) < WEEK_MS) return moment.toLocaleDateString('en', { weekday: 'long' })
  const year = moment.getFullYear() === now.getFullYear() ? undefined : ('numeric' as const)
  return moment.toLocaleDateString('en', { day: 'numeric', month: 'long', year })
}
