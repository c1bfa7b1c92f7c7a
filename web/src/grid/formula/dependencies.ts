/** The picture of what a field reads and what reads it: columns by distance, lines between neighbours. */
import type { DependenciesAnswer, DependencyNode } from '../../api/formulas'
import type { FieldId, TableId } from '../../api/types'

export interface Spot {
  readonly field: FieldId
  readonly table: TableId
  readonly name: string
  readonly kind: string
  /** Pixels of the upper left corner. */
  readonly x: number
  readonly y: number
}

export interface Line {
  readonly key: string
  readonly path: string
  /** The link it goes through, where it leads to another table. */
  readonly through: FieldId | null
  readonly x: number
  readonly y: number
}

export interface Picture {
  readonly spots: readonly Spot[]
  readonly lines: readonly Line[]
  readonly width: number
  readonly height: number
}

export const BOX = { width: 168, height: 44 } as const
/** Across there is room for the name of a link on its line. */
const GAP = { x: 116, y: 14 } as const

/** Places every field once on each side, the nearest beside the middle; what is read stands at the left. */
export function picture(
  middle: { field: FieldId; table: TableId; name: string; kind: string },
  { reads, read_by }: DependenciesAnswer,
): Picture {
  const left = columns(reads)
  const right = columns(read_by)
  const tallest = Math.max(1, ...left.map((column) => column.length), ...right.map((column) => column.length))
  const height = tallest * (BOX.height + GAP.y) - GAP.y
  const across = (column: number) => column * (BOX.width + GAP.x)
  const down = (count: number, at: number) =>
    (height - count * (BOX.height + GAP.y) + GAP.y) / 2 + at * (BOX.height + GAP.y)
  const place = (column: readonly DependencyNode[], x: number): Spot[] =>
    column.map(({ field, table, name, kind }, at) => ({ field, table, name, kind, x, y: down(column.length, at) }))

  const centre: Spot = { ...middle, x: across(left.length), y: down(1, 0) }
  const leftSpots = left.flatMap((column, at) => place(column, across(left.length - 1 - at)))
  const rightSpots = right.flatMap((column, at) => place(column, across(left.length + 1 + at)))
  const lines = [
    ...connect(reads, [centre, ...leftSpots], (node, nearer) => [node, nearer]),
    ...connect(read_by, [centre, ...rightSpots], (node, nearer) => [nearer, node]),
  ]
  const width = across(left.length + 1 + right.length) - GAP.x
  return { spots: [centre, ...leftSpots, ...rightSpots], lines, width, height }
}

/** The fields of one side by distance, each where it is nearest. */
function columns(nodes: readonly DependencyNode[]): DependencyNode[][] {
  const nearest = new Map<FieldId, DependencyNode>()
  for (const node of nodes) {
    const known = nearest.get(node.field)
    if (!known || node.distance < known.distance) nearest.set(node.field, node)
  }
  const found: DependencyNode[][] = []
  for (const node of nearest.values()) {
    while (found.length < node.distance) found.push([])
    found[node.distance - 1]?.push(node)
  }
  return found.filter((column) => column.length > 0)
}

function connect(
  nodes: readonly DependencyNode[],
  spots: readonly Spot[],
  order: (node: Spot, nearer: Spot) => [from: Spot, to: Spot],
): Line[] {
  const byField = new Map(spots.map((spot) => [spot.field, spot]))
  return nodes.flatMap((node): Line[] => {
    const spot = byField.get(node.field)
    const nearer = byField.get(node.of)
    if (!spot || !nearer) return []
    const [from, to] = order(spot, nearer)
    const [x1, y1] = [from.x + BOX.width, from.y + BOX.height / 2]
    const [x2, y2] = [to.x, to.y + BOX.height / 2]
    const bend = Math.max(24, (x2 - x1) / 2)
    const path = `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
    return [
      {
        key: `${node.field} ${node.of} ${node.through}`,
        path,
        through: node.through,
        x: (x1 + x2) / 2,
        y: (y1 + y2) / 2,
      },
    ]
  })
}
