/**
 * A filter as it is being written: groups of conditions, some of them unfinished. What is unfinished stays on show but
 * narrows nothing.
 */
import type { Filter } from '../../api/types'

export interface Condition {
  readonly field: string
  readonly op: string
  readonly value?: unknown
}

export type Conjunction = 'and' | 'or'

export interface FilterGroup {
  readonly join: Conjunction
  readonly parts: readonly FilterPart[]
}

export type FilterPart = FilterGroup | Condition

/** Where a part stands: the indexes to go down from the outermost group. */
export type Path = readonly number[]

/** Groups within groups: the outermost one is the first level. */
export const MAX_DEPTH = 3

export const NO_FILTER: FilterGroup = { join: 'and', parts: [] }

export function isGroup(part: FilterPart): part is FilterGroup {
  return 'join' in part
}

/** A stored filter as a tree; a single condition stands in a group of its own. */
export function treeOf(filter: Filter | null | undefined): FilterGroup {
  if (!filter) return NO_FILTER
  const tree = partOf(filter)
  return isGroup(tree) ? tree : { join: 'and', parts: [tree] }
}

function partOf(filter: Filter): FilterPart {
  if ('and' in filter && filter.and) return { join: 'and', parts: filter.and.map(partOf) }
  if ('or' in filter && filter.or) return { join: 'or', parts: filter.or.map(partOf) }
  return filter as Condition
}

/** The filter of the conditions that say something; groups without any fall away. */
export function filterOf(tree: FilterGroup, says: (condition: Condition) => boolean): Filter | null {
  const parts = tree.parts.flatMap((part) => {
    const found = isGroup(part) ? filterOf(part, says) : says(part) ? { ...part } : null
    return found ? [found] : []
  })
  if (parts.length === 0) return null
  return tree.join === 'and' ? { and: parts } : { or: parts }
}

/** Every condition of a filter. */
export function conditionsOf(filter: Filter | null | undefined): Condition[] {
  const all = (part: FilterPart): Condition[] => (isGroup(part) ? part.parts.flatMap(all) : [part])
  return all(treeOf(filter))
}

export function partAt(tree: FilterGroup, path: Path): FilterPart | undefined {
  let part: FilterPart | undefined = tree
  for (const at of path) part = part && isGroup(part) ? part.parts[at] : undefined
  return part
}

/** The tree with the parts of one group changed. */
function withParts(
  tree: FilterGroup,
  path: Path,
  change: (parts: readonly FilterPart[]) => readonly FilterPart[],
): FilterGroup {
  const [at, ...rest] = path
  if (at === undefined) return { ...tree, parts: change(tree.parts) }
  const parts = tree.parts.map((part, index) => (index === at && isGroup(part) ? withParts(part, rest, change) : part))
  return { ...tree, parts }
}

const above = (path: Path): Path => path.slice(0, -1)
const last = (path: Path): number => path.at(-1) ?? 0

export function put(tree: FilterGroup, path: Path, part: FilterPart): FilterGroup {
  if (path.length === 0) return isGroup(part) ? part : tree
  return withParts(tree, above(path), (parts) => parts.map((old, at) => (at === last(path) ? part : old)))
}

export function add(tree: FilterGroup, group: Path, part: FilterPart): FilterGroup {
  return withParts(tree, group, (parts) => [...parts, part])
}

/** Takes a part out; a group that is left empty goes with it. */
export function remove(tree: FilterGroup, path: Path): FilterGroup {
  const next = withParts(tree, above(path), (parts) => parts.filter((_, at) => at !== last(path)))
  const group = partAt(next, above(path))
  const empty = path.length > 1 && group !== undefined && isGroup(group) && group.parts.length === 0
  return empty ? remove(next, above(path)) : next
}

export function duplicate(tree: FilterGroup, path: Path): FilterGroup {
  return withParts(tree, above(path), (parts) =>
    parts.flatMap((part, at) => (at === last(path) ? [part, part] : [part])),
  )
}

/** Moves a part up or down among its neighbours. */
export function shift(tree: FilterGroup, path: Path, by: -1 | 1): FilterGroup {
  const [from, to] = [last(path), last(path) + by]
  return withParts(tree, above(path), (parts) => {
    const [moved, other] = [parts[from], parts[to]]
    if (!moved || !other) return parts
    return parts.map((part, at) => (at === from ? other : at === to ? moved : part))
  })
}

/** Moves a part before another one, also into another group; not into itself, nor deeper than groups may nest. */
export function moveBefore(tree: FilterGroup, from: Path, to: Path): FilterGroup {
  const moved = partAt(tree, from)
  if (!moved || inside(to, from) || above(to).length + depthOf(moved) > MAX_DEPTH - 1 + (isGroup(moved) ? 0 : 1))
    return tree
  // A mark keeps the place while the part is taken out of its old one.
  const mark: Condition = { field: '', op: '' }
  const marked = withParts(tree, above(to), (parts) => [...parts.slice(0, last(to)), mark, ...parts.slice(last(to))])
  const old = pathOf(marked, moved)
  if (!old) return tree
  const taken = remove(marked, old)
  const place = pathOf(taken, mark)
  return place ? put(taken, place, moved) : tree
}

function inside(path: Path, group: Path): boolean {
  return group.every((at, index) => path[index] === at)
}

function pathOf(tree: FilterGroup, wanted: FilterPart, path: Path = []): Path | undefined {
  for (const [at, part] of tree.parts.entries()) {
    if (part === wanted) return [...path, at]
    const found = isGroup(part) ? pathOf(part, wanted, [...path, at]) : undefined
    if (found) return found
  }
  return undefined
}

/** How many levels of groups a part makes: 0 for a condition. */
export function depthOf(part: FilterPart): number {
  return isGroup(part) ? 1 + Math.max(0, ...part.parts.map(depthOf)) : 0
}
