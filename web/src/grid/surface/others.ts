/** The frame round a cell that somebody else stands in, with their name on a flag in its corner. */
import { measureTextCached, type Rectangle } from '@glideapps/glide-data-grid'
import type { SurfaceTheme } from './theme'
import type { CellMark } from './types'

const FLAG = 14
const PAD = 4
const LINE = 2

export function paintOther(ctx: CanvasRenderingContext2D, rect: Rectangle, mark: CellMark, theme: SurfaceTheme): void {
  const { fg } = theme.pills.get(mark.tone) ?? theme.chip
  const paper = theme.glide.bgCell ?? '#fff'
  ctx.save()
  ctx.strokeStyle = fg
  ctx.lineWidth = LINE
  // The first pixel of a cell belongs to the line of the grid.
  ctx.strokeRect(rect.x + LINE, rect.y + LINE, rect.width - LINE * 2, rect.height - LINE * 2)
  const font = `600 10px ${theme.glide.fontFamily ?? 'sans-serif'}`
  ctx.font = font
  const name = shortened(mark.name, rect.width - PAD * 2 - LINE, ctx, font)
  if (name !== '') {
    const width = measureTextCached(name, ctx, font).width + PAD * 2
    const x = rect.x + rect.width - 1 - width
    ctx.beginPath()
    ctx.roundRect(x, rect.y + 1, width, FLAG - 1, [0, 0, 0, 4])
    ctx.fillStyle = fg
    ctx.fill()
    ctx.fillStyle = paper
    ctx.textAlign = 'start'
    ctx.textBaseline = 'middle'
    ctx.fillText(name, x + PAD, rect.y + FLAG / 2 + 0.5)
  }
  ctx.restore()
}

/** What fits in half the cell: what the cell says stays readable. */
function shortened(name: string, room: number, ctx: CanvasRenderingContext2D, font: string): string {
  return measureTextCached(name, ctx, font).width <= room * 0.6 ? name : name.slice(0, 1)
}
