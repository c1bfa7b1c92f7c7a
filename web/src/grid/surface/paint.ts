/** Draws our cells on the canvas: text with an ellipsis, pills, chips, people, ticks and stars. */
import {
  type CustomCell,
  type CustomRenderer,
  getMiddleCenterBias,
  measureTextCached,
  type Rectangle,
} from '@glideapps/glide-data-grid'
import type { Ink, SurfaceTheme } from './theme'
import type { CellPaint, FileTile } from './types'

export type PaintCell = CustomCell<CellPaint & { kind: CellPaint['kind'] }>

const PILL_HEIGHT = 20
const PAD = 7
const GAP = 4
const STAR = 15

interface Brush {
  readonly ctx: CanvasRenderingContext2D
  readonly font: string
  readonly rect: Rectangle
  readonly padding: number
  readonly theme: SurfaceTheme
  readonly link: string
  /** A picture by its address, once it is here; its arrival draws the cell again. */
  readonly picture: (address: string) => HTMLImageElement | ImageBitmap | undefined
}

const shortened = new Map<string, string>()

/** The longest beginning of a text that fits, with an ellipsis; remembered, because measuring is what costs. */
function fitted(text: string, width: number, { ctx, font }: Brush): string {
  const line = text.includes('\n') ? text.replace(/\s*\n\s*/g, ' ') : text
  if (line.length * 13 < width || measureTextCached(line, ctx, font).width <= width) return line
  const key = `${Math.floor(width)} ${font} ${line.slice(0, 400)}`
  const known = shortened.get(key)
  if (known !== undefined) return known
  let low = 0
  let high = Math.min(line.length, 400)
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (ctx.measureText(`${line.slice(0, middle)}…`).width <= width) low = middle
    else high = middle - 1
  }
  const result = low === 0 ? '…' : `${line.slice(0, low).trimEnd()}…`
  if (shortened.size > 5000) shortened.clear()
  shortened.set(key, result)
  return result
}

function text(brush: Brush, paint: Extract<CellPaint, { kind: 'text' }>): void {
  if (paint.text === '') return
  const { ctx, rect, padding, theme } = brush
  const shown = fitted(paint.text, rect.width - padding * 2, brush)
  const tones = { plain: theme.text, strong: theme.text, faded: theme.faded, link: brush.link, error: theme.danger }
  ctx.fillStyle = tones[paint.tone ?? 'plain']
  const middle = rect.y + rect.height / 2 + getMiddleCenterBias(ctx, brush.font)
  if (paint.align === 'right') {
    ctx.textAlign = 'right'
    ctx.fillText(shown, rect.x + rect.width - padding, middle)
    ctx.textAlign = 'start'
    return
  }
  ctx.fillText(shown, rect.x + padding, middle)
}

function pill(brush: Brush, x: number, y: number, label: string, ink: Ink, radius: number): number {
  const { ctx, rect, padding } = brush
  const room = rect.x + rect.width - padding - x
  if (room < 18) return 0
  const shown = fitted(label, room - PAD * 2, brush)
  const width = Math.min(room, measureTextCached(shown, ctx, brush.font).width + PAD * 2)
  ctx.beginPath()
  ctx.roundRect(x, y, width, PILL_HEIGHT, radius)
  ctx.fillStyle = ink.bg
  ctx.fill()
  ctx.fillStyle = ink.fg
  ctx.fillText(shown, x + PAD, y + PILL_HEIGHT / 2 + getMiddleCenterBias(ctx, brush.font))
  return width
}

/** A group's head: its value as the cell would show it, then how many records it holds. */
function groupHead(brush: Brush, { level, title, count }: Extract<CellPaint, { kind: 'group' }>): void {
  const { ctx, rect, theme, font } = brush
  const inset = level * 12
  const number = measureTextCached(count, ctx, font).width + 12
  const room = { ...rect, x: rect.x + inset, width: Math.max(40, rect.width - inset - number) }
  ctx.font = title.kind === 'text' && title.tone !== 'faded' ? `600 ${font}` : font
  paintInto({ ...brush, rect: room, font: ctx.font }, title, 0)
  ctx.font = font
  ctx.fillStyle = theme.faded
  ctx.textAlign = 'right'
  ctx.fillText(count, rect.x + rect.width - 8, rect.y + rect.height / 2 + getMiddleCenterBias(ctx, font))
  ctx.textAlign = 'start'
}

/** Pills side by side, on further lines where the row is tall enough. */
function row(brush: Brush, labels: readonly (readonly [string, Ink])[], radius: number): void {
  const { rect, padding } = brush
  const lines = Math.max(1, Math.floor((rect.height - 6) / (PILL_HEIGHT + GAP)))
  const top = lines === 1 ? rect.y + (rect.height - PILL_HEIGHT) / 2 : rect.y + 6
  let x = rect.x + padding
  let line = 0
  for (const [label, ink] of labels) {
    const wide = measureTextCached(label, brush.ctx, brush.font).width + PAD * 2
    if (x > rect.x + padding && x + wide > rect.x + rect.width - padding && line < lines - 1) {
      line += 1
      x = rect.x + padding
    }
    const width = pill(brush, x, top + line * (PILL_HEIGHT + GAP), label, ink, radius)
    if (width === 0) break
    x += width + GAP
  }
}

const TILE_GAP = 4

/** Small pictures and tiles side by side, as tall as the row allows. */
function files(brush: Brush, tiles: readonly FileTile[]): void {
  const { ctx, rect, padding, theme, font } = brush
  const size = Math.min(rect.height - 8, 96)
  const y = rect.y + (rect.height - size) / 2
  let x = rect.x + padding
  for (const { picture, ending } of tiles) {
    const image = picture === undefined ? undefined : brush.picture(picture)
    const width = image ? Math.min(size * 1.6, Math.max(size * 0.6, (size * image.width) / image.height)) : size
    if (x + width > rect.x + rect.width - 2 && x > rect.x + padding) return
    ctx.save()
    ctx.beginPath()
    ctx.roundRect(x, y, width, size, 3)
    ctx.fillStyle = theme.chip.bg
    ctx.fill()
    if (image) {
      ctx.clip()
      const scale = Math.max(width / image.width, size / image.height)
      const [wide, tall] = [image.width * scale, image.height * scale]
      ctx.drawImage(image, x + (width - wide) / 2, y + (size - tall) / 2, wide, tall)
    } else {
      ctx.font = font.replace('13px', `600 ${size < 30 ? 8 : 10}px`)
      ctx.fillStyle = theme.chip.fg
      ctx.textAlign = 'center'
      ctx.fillText(ending, x + width / 2, y + size / 2 + 0.5)
    }
    ctx.restore()
    x += width + TILE_GAP
  }
}

function person(brush: Brush, paint: Extract<CellPaint, { kind: 'person' }>): void {
  const { ctx, rect, padding, theme, font } = brush
  const ink = theme.pills.get(paint.tone) ?? theme.chip
  const [x, y] = [rect.x + padding + 9, rect.y + rect.height / 2]
  ctx.beginPath()
  ctx.arc(x, y, 9, 0, Math.PI * 2)
  ctx.fillStyle = ink.bg
  ctx.fill()
  ctx.font = font.replace('13px', '600 8.5px')
  ctx.fillStyle = ink.fg
  ctx.textAlign = 'center'
  ctx.fillText(paint.initials, x, y + 0.5)
  ctx.textAlign = 'start'
  ctx.font = font
  const moved = { ...brush, rect: { ...rect, x: rect.x + 24, width: rect.width - 24 } }
  text(moved, { kind: 'text', text: paint.name })
}

function check(brush: Brush, { on, writable }: Extract<CellPaint, { kind: 'check' }>, hover: number): void {
  const { ctx, rect, theme } = brush
  const size = 16
  const [x, y] = [rect.x + (rect.width - size) / 2, rect.y + (rect.height - size) / 2]
  ctx.beginPath()
  ctx.roundRect(x + 0.5, y + 0.5, size - 1, size - 1, 4)
  if (on) {
    ctx.fillStyle = writable ? theme.accent : theme.faded
    ctx.fill()
    ctx.beginPath()
    ctx.moveTo(x + 4.2, y + 8.2)
    ctx.lineTo(x + 7, y + 11)
    ctx.lineTo(x + 11.8, y + 5.4)
    ctx.strokeStyle = '#fff'
    ctx.lineWidth = 1.8
    ctx.lineCap = 'round'
    ctx.lineJoin = 'round'
    ctx.stroke()
    return
  }
  if (!writable) return
  ctx.globalAlpha = 0.55 + 0.45 * hover
  ctx.strokeStyle = theme.border
  ctx.lineWidth = 1.2
  ctx.stroke()
  ctx.globalAlpha = 1
}

function starPath(x: number, y: number, radius: number): Path2D {
  const path = new Path2D()
  for (let point = 0; point < 10; point += 1) {
    const reach = point % 2 === 0 ? radius : radius * 0.46
    const angle = (Math.PI / 5) * point - Math.PI / 2
    path.lineTo(x + Math.cos(angle) * reach, y + Math.sin(angle) * reach)
  }
  path.closePath()
  return path
}

function rating(brush: Brush, paint: Extract<CellPaint, { kind: 'rating' }>, hover: number): void {
  const { ctx, rect, padding, theme } = brush
  const shown = hover > 0 ? paint.max : paint.value
  for (let star = 0; star < shown; star += 1) {
    const x = rect.x + padding + STAR / 2 + star * STAR
    if (x + STAR / 2 > rect.x + rect.width) return
    const filled = star < paint.value
    ctx.globalAlpha = filled ? 1 : 0.55 * hover
    ctx.fillStyle = filled ? theme.star : theme.border
    ctx.fill(starPath(x, rect.y + rect.height / 2, 6.5))
  }
  ctx.globalAlpha = 1
}

/** Which star lies under a point, counted from the cell's left edge; 1-based. */
export function starAt(x: number, max: number): number | undefined {
  const star = Math.floor((x - 8) / STAR) + 1
  return star >= 1 && star <= max ? star : undefined
}

export function paintCell(paint: CellPaint): PaintCell {
  return { kind: 'custom', allowOverlay: false, data: paint, copyData: copyText(paint) } as PaintCell
}

export function copyText(paint: CellPaint): string {
  switch (paint.kind) {
    case 'text':
    case 'error':
      return paint.text
    case 'pills':
    case 'chips':
    case 'files':
      return paint.copy
    case 'person':
      return paint.name
    case 'check':
      return paint.on ? 'checked' : ''
    case 'rating':
      return paint.value > 0 ? String(paint.value) : ''
    case 'loading':
      return ''
    case 'group':
      return paint.copy
  }
}

function naturalWidth(ctx: CanvasRenderingContext2D, paint: CellPaint): number {
  const wide = (label: string): number => ctx.measureText(label).width
  if (paint.kind === 'pills') return paint.pills.reduce((sum, one) => sum + wide(one.text) + PAD * 2 + GAP, 16)
  if (paint.kind === 'chips') return paint.names.reduce((sum, one) => sum + wide(one) + PAD * 2 + GAP, 16)
  if (paint.kind === 'files') return paint.files.length * 28 + 16
  if (paint.kind === 'person') return wide(paint.name) + 42
  if (paint.kind === 'rating') return paint.max * STAR + 16
  return wide(copyText(paint)) + 20
}

/** Draws one value into the brush's rectangle. */
function paintInto(brush: Brush, paint: CellPaint, hover: number): void {
  const { theme } = brush
  const grey = theme.pills.get('gray') ?? theme.chip
  if (paint.kind === 'text') text(brush, paint)
  else if (paint.kind === 'error') text(brush, { kind: 'text', text: paint.text, align: paint.align, tone: 'error' })
  else if (paint.kind === 'pills') {
    const labels = paint.pills.map((one) => [one.text, theme.pills.get(one.color) ?? grey] as const)
    row(brush, labels, PILL_HEIGHT / 2)
  } else if (paint.kind === 'chips') {
    row(
      brush,
      paint.names.map((name) => [name, theme.chip] as const),
      4,
    )
  } else if (paint.kind === 'files') files(brush, paint.files)
  else if (paint.kind === 'person') person(brush, paint)
  else if (paint.kind === 'check') check(brush, paint, hover)
  else if (paint.kind === 'rating') rating(brush, paint, hover)
  else if (paint.kind === 'group') groupHead(brush, paint)
}

/** The one renderer for all our cells. */
export function paintRenderer(theme: SurfaceTheme): CustomRenderer<PaintCell> {
  return {
    kind: 'custom' as PaintCell['kind'],
    isMatch: (cell): cell is PaintCell => 'kind' in (cell.data as object),
    needsHover: (cell) => cell.data.kind === 'check' || cell.data.kind === 'rating',
    measure: (ctx, cell) => naturalWidth(ctx, cell.data),
    draw: (args, cell) => {
      const { baseFontFull: font, cellHorizontalPadding: padding, linkColor: link } = args.theme
      const { ctx, rect } = args
      ctx.font = font
      const picture = (address: string) => args.imageLoader.loadOrGetImage(address, args.col, args.row)
      paintInto({ ctx, rect, theme, font, padding, link, picture }, cell.data, args.hoverAmount)
    },
  }
}
