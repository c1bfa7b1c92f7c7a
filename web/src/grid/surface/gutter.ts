/** The row gutter: a drag handle, the row's number, on hover or when chosen a tick box, and the icon that opens the record. */
import {
  getMiddleCenterBias,
  type InnerGridCell,
  type InternalCellRenderer,
  markerCellRenderer,
  type Rectangle,
} from '@glideapps/glide-data-grid'
import type { SurfaceTheme } from './theme'
import type { RowMark } from './types'

export const GUTTER = 66
const BOX = 15
/** A finger hovers over nothing, so that what it needs is always drawn. */
const HOVERLESS = globalThis.matchMedia?.('(hover: none)')

/** Whether a point in the gutter, counted from its left edge, is on the open icon. */
export function onExpandIcon(x: number): boolean {
  return x > GUTTER - 28
}

/** Whether a point is on the handle that drags the row. */
export function onHandle(x: number): boolean {
  return x < 12
}

/** How far the fold icon of a group stands in, per level. */
const STEP = 14

type Marker = Extract<InnerGridCell, { kind: typeof markerCellRenderer.kind }>

export function gutterRenderer(
  theme: SurfaceTheme,
  mark: (row: number) => RowMark,
  colorOf: (row: number) => string | undefined,
): InternalCellRenderer<Marker> {
  return {
    ...markerCellRenderer,
    draw: (args) => {
      const { ctx, rect, hoverAmount, cell } = args
      const row = mark(cell.row - 1)
      if (row.kind === 'group') fold(ctx, rect, row.level, row.open, theme)
      if (row.kind !== 'record') return
      const color = colorOf(cell.row - 1)
      ctx.globalAlpha = 1 - hoverAmount
      if (color) stripe(ctx, rect, theme.pills.get(color)?.fg ?? theme.faded)
      ctx.globalAlpha = 1
      const left = rect.x + 20
      const middle = rect.y + rect.height / 2
      if (cell.checked || hoverAmount > 0) {
        ctx.globalAlpha = cell.checked ? 1 : hoverAmount
        box(ctx, left - BOX / 2, middle - BOX / 2, cell.checked, theme)
      }
      if (!cell.checked) {
        ctx.globalAlpha = 1 - hoverAmount
        ctx.fillStyle = theme.faded
        ctx.textAlign = 'center'
        const label = row.number.toLocaleString('en-US', { useGrouping: false })
        ctx.fillText(label, left, middle + getMiddleCenterBias(ctx, args.theme.markerFontFull))
        ctx.textAlign = 'start'
      }
      if (hoverAmount > 0) handle(ctx, rect, hoverAmount, theme)
      const opens = HOVERLESS?.matches ? 1 : hoverAmount
      if (opens > 0) expandIcon(ctx, rect, opens, theme)
      ctx.globalAlpha = 1
    },
  }
}

/** The colour of a record: a stripe at its left edge. */
function stripe(ctx: CanvasRenderingContext2D, rect: Rectangle, color: string): void {
  ctx.beginPath()
  ctx.roundRect(rect.x + 3, rect.y + 4, 4, rect.height - 9, 2)
  ctx.fillStyle = color
  ctx.fill()
}

/** The triangle of a group's head: to the right when folded, downwards when open. */
function fold(ctx: CanvasRenderingContext2D, rect: Rectangle, level: number, open: boolean, theme: SurfaceTheme): void {
  const [x, y] = [rect.x + 18 + level * STEP, rect.y + rect.height / 2]
  ctx.beginPath()
  if (open) {
    ctx.moveTo(x - 4, y - 2)
    ctx.lineTo(x, y + 2)
    ctx.lineTo(x + 4, y - 2)
  } else {
    ctx.moveTo(x - 2, y - 4)
    ctx.lineTo(x + 2, y)
    ctx.lineTo(x - 2, y + 4)
  }
  ctx.strokeStyle = theme.faded
  ctx.lineWidth = 1.6
  ctx.lineCap = 'round'
  ctx.lineJoin = 'round'
  ctx.stroke()
}

function box(ctx: CanvasRenderingContext2D, x: number, y: number, on: boolean, theme: SurfaceTheme): void {
  ctx.beginPath()
  ctx.roundRect(x + 0.5, y + 0.5, BOX - 1, BOX - 1, 4)
  if (!on) {
    ctx.strokeStyle = theme.faded
    ctx.lineWidth = 1.2
    ctx.stroke()
    return
  }
  ctx.fillStyle = theme.accent
  ctx.fill()
  ctx.beginPath()
  ctx.moveTo(x + 4, y + 7.8)
  ctx.lineTo(x + 6.6, y + 10.4)
  ctx.lineTo(x + 11, y + 5)
  ctx.strokeStyle = '#fff'
  ctx.lineWidth = 1.7
  ctx.lineCap = 'round'
  ctx.lineJoin = 'round'
  ctx.stroke()
}

/** Six dots: the row can be taken here. */
function handle(ctx: CanvasRenderingContext2D, rect: Rectangle, alpha: number, theme: SurfaceTheme): void {
  const [x, y] = [rect.x + 4.5, rect.y + rect.height / 2]
  ctx.globalAlpha = alpha
  ctx.fillStyle = theme.faded
  ctx.beginPath()
  for (const right of [0, 4]) {
    for (const down of [-4, 0, 4]) {
      ctx.moveTo(x + right + 1, y + down)
      ctx.arc(x + right, y + down, 1, 0, Math.PI * 2)
    }
  }
  ctx.fill()
}

function expandIcon(ctx: CanvasRenderingContext2D, rect: Rectangle, alpha: number, theme: SurfaceTheme): void {
  const [x, y] = [rect.x + GUTTER - 14, rect.y + rect.height / 2]
  ctx.globalAlpha = alpha
  ctx.beginPath()
  ctx.moveTo(x + 1, y - 5)
  ctx.lineTo(x + 5, y - 5)
  ctx.lineTo(x + 5, y - 1)
  ctx.moveTo(x + 5, y - 5)
  ctx.lineTo(x + 1, y - 1)
  ctx.moveTo(x - 1, y + 5)
  ctx.lineTo(x - 5, y + 5)
  ctx.lineTo(x - 5, y + 1)
  ctx.moveTo(x - 5, y + 5)
  ctx.lineTo(x - 1, y + 1)
  ctx.strokeStyle = theme.accent
  ctx.lineWidth = 1.5
  ctx.lineCap = 'round'
  ctx.lineJoin = 'round'
  ctx.stroke()
}
