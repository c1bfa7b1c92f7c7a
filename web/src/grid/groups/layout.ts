/**
 * The rows of a grouped grid: headers, records and the row that adds a record, worked out from the groups' counts alone.
 * Records are known by their place in the sorted query, so that they can be read window by window; nothing here grows
 * with the number of records.
 */
import type { AggregateAnswer, CellValue, FieldId } from '../../api/types'

/** One group of any level; its path is its key and those of the groups round it, as text. */
export interface Group {
  readonly path: string
  readonly level: number
  readonly key: readonly CellValue[]
  readonly count: number
  /** Place of its first record in the query. */
  readonly first: number
  readonly folded: boolean
}

export type LayoutRow =
  | { readonly kind: 'group'; readonly group: Group }
  /** `number` counts within the innermost group, from 1. */
  | { readonly kind: 'record'; readonly place: number; readonly number: number; readonly group: Group }
  | { readonly kind: 'add'; readonly group: Group }

interface Segment {
  readonly start: number
  readonly kind: LayoutRow['kind']
  readonly group: Group
}

/** The innermost groups in order, as the server counts them. */
export type Leaf = Pick<AggregateAnswer['groups'][number], 'key' | 'count'>

export function pathOf(key: readonly CellValue[]): string {
  return JSON.stringify(key)
}

export class GroupLayout {
  readonly length: number
  readonly leaves: readonly Leaf[]
  private readonly segments: Segment[] = []
  /** Innermost groups by the place of their first record, with the segment of their records if they are shown. */
  private readonly inner: { group: Group; segment: Segment | undefined }[] = []

  constructor(
    leaves: readonly Leaf[],
    levels: number,
    private readonly isFolded: (path: string) => boolean,
    private readonly canAdd: boolean,
  ) {
    this.leaves = leaves
    let row = 0
    let first = 0
    let before: readonly CellValue[] = []
    /** The outermost folded level of the groups that are open now, if any. */
    let hidden = Number.POSITIVE_INFINITY
    const counts = countsOf(leaves, levels)
    const put = (kind: Segment['kind'], group: Group, rows: number): Segment => {
      const segment = { start: row, kind, group }
      this.segments.push(segment)
      row += rows
      return segment
    }
    for (const leaf of leaves) {
      let group: Group | undefined
      for (let level = 0; level < levels; level += 1) {
        const key = leaf.key.slice(0, level + 1)
        const path = pathOf(key)
        if (before.length > 0 && path === pathOf(before.slice(0, level + 1))) continue
        if (level <= hidden) hidden = Number.POSITIVE_INFINITY
        const folded = isFolded(path)
        group = { path, level, key, count: counts.get(path) ?? 0, first, folded }
        if (hidden === Number.POSITIVE_INFINITY) {
          put('group', group, 1)
          if (folded) hidden = level
        }
      }
      before = leaf.key
      if (!group) continue
      const shown = hidden === Number.POSITIVE_INFINITY
      const segment = shown && leaf.count > 0 ? put('record', group, leaf.count) : undefined
      if (shown && canAdd) put('add', group, 1)
      this.inner.push({ group, segment })
      first += leaf.count
    }
    this.length = row
  }

  at(row: number): LayoutRow | undefined {
    if (row < 0 || row >= this.length) return undefined
    const segment = lastNotAfter(this.segments, row, (one) => one.start)
    if (!segment) return undefined
    const { kind, group, start } = segment
    if (kind !== 'record') return { kind, group }
    return { kind, group, place: group.first + row - start, number: row - start + 1 }
  }

  /** The row of a record by its place in the query; undefined while its group is folded. */
  rowOf(place: number): number | undefined {
    const found = this.leafAt(place)
    return found?.segment && found.segment.start + place - found.group.first
  }

  /** An innermost group by its path. */
  find(path: string): Group | undefined {
    return this.inner.find((one) => one.group.path === path)?.group
  }

  /** The innermost group that holds a place. */
  groupAt(place: number): Group | undefined {
    return this.leafAt(place)?.group
  }

  private leafAt(place: number) {
    let found = lastNotAfter(this.inner, place, (one) => one.group.first)
    // An empty group begins where the next one does.
    while (found?.group.count === 0 && this.inner.indexOf(found) > 0) found = this.inner[this.inner.indexOf(found) - 1]
    return found
  }

  /** The paths round a place, outermost first: what must be unfolded to see it. */
  pathsAt(place: number): string[] {
    const key = this.leafAt(place)?.group.key ?? []
    return key.map((_, level) => pathOf(key.slice(0, level + 1)))
  }

  /** The row where a new record of a group would stand, and its place. */
  endOf(group: Group): { row: number; place: number } {
    const place = group.first + group.count
    const add = this.segments.find((one) => one.kind === 'add' && one.group === group)
    return { row: add?.start ?? this.length, place }
  }

  /** The same groups with records put in (`by` 1) or taken out (-1) at places of the query. */
  resized(places: readonly number[], by: 1 | -1, levels: number): GroupLayout {
    const change = new Map<Leaf, number>()
    for (const place of places) {
      const group = this.groupAt(place)
      const leaf = group && this.leaves[this.inner.findIndex((one) => one.group === group)]
      if (leaf) change.set(leaf, (change.get(leaf) ?? 0) + by)
    }
    return this.with(change, levels)
  }

  /** The same groups with one more record in a group. */
  grown(path: string, by: number, levels: number): GroupLayout {
    const leaf = this.leaves.find((one) => pathOf(one.key) === path)
    return leaf ? this.with(new Map([[leaf, by]]), levels) : this
  }

  private with(change: ReadonlyMap<Leaf, number>, levels: number): GroupLayout {
    const leaves = this.leaves.map((leaf) => ({
      key: leaf.key,
      count: Math.max(0, leaf.count + (change.get(leaf) ?? 0)),
    }))
    return new GroupLayout(leaves, levels, this.isFolded, this.canAdd)
  }
}

/** How many records each group of any level holds. */
function countsOf(leaves: readonly Leaf[], levels: number): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { key, count } of leaves) {
    for (let level = 1; level <= levels; level += 1) {
      const path = pathOf(key.slice(0, level))
      counts.set(path, (counts.get(path) ?? 0) + count)
    }
  }
  return counts
}

/** The last entry that does not begin after `at`. */
function lastNotAfter<T>(entries: readonly T[], at: number, start: (entry: T) => number): T | undefined {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    const entry = entries[middle]
    if (entry !== undefined && start(entry) <= at) low = middle + 1
    else high = middle
  }
  return entries[low - 1]
}

export type GroupTotals = ReadonlyMap<string, Readonly<Record<FieldId, CellValue>>>
