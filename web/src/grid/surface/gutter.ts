/** The row gutter: the row's number, on hover or when chosen a tick box, and the icon that opens the record. */
import {
  getMiddleCenterBias,
  type InnerGridCell,
  type InternalCellRenderer,
  markerCellRenderer,
  type Rectangle,
} from '@glideapps/glide-data-grid'
import type { SurfaceTheme } from './theme'

export const GUTTER = 66
const BOX = 15

/** Whether a point in the gutter, counted from its left edge, is on the open icon. */
export function onExpandIcon(x: number): boolean {
  return x > GUTTER - 28
}

type Marker = Extract<InnerGridCell, { kind: typeof markerCellRenderer.kind }>

export function gutterRenderer(theme: SurfaceTheme): InternalCellRenderer<Marker> {
  return {
    ...markerCellRenderer,
    draw: (args) => {
      const { ctx, rect, hoverAmount, cell } = args
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
        const label = cell.row.toLocaleString('en-US', { useGrouping: false })
        ctx.fillText(label, left, middle + getMiddleCenterBias(ctx, args.theme.markerFontFull))
        ctx.textAlign = 'start'
      }
      if (hoverAmount > 0) expandIcon(ctx, rect, hoverAmount, theme)
      ctx.globalAlpha = 1
    },
  }
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
