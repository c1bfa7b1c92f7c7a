/** What the grid surface is told and what it tells: our own words, so that another drawing library can take its place. */
import type { ReactNode } from 'react'
import type { Rect } from '../../ui/anchor'
import type { Press } from '../keymap'
import type { Range, Selection } from '../selection'

/** What to draw in a cell. `copy` is what screen readers and tests read. */
export type CellPaint =
  | { readonly kind: 'loading' }
  | {
      readonly kind: 'text'
      readonly text: string
      readonly align?: 'left' | 'right' | 'center'
      readonly tone?: 'plain' | 'faded' | 'link' | 'strong' | 'error'
    }
  | { readonly kind: 'pills'; readonly pills: readonly Pill[]; readonly copy: string }
  | { readonly kind: 'chips'; readonly names: readonly string[]; readonly copy: string }
  | { readonly kind: 'files'; readonly files: readonly FileTile[]; readonly copy: string }
  | { readonly kind: 'person'; readonly initials: string; readonly tone: string; readonly name: string }
  | { readonly kind: 'check'; readonly on: boolean; readonly writable: boolean }
  | { readonly kind: 'rating'; readonly value: number; readonly max: number }
  | {
      readonly kind: 'error'
      readonly text: string
      readonly message: string
      readonly align: 'left' | 'right' | 'center'
    }
  /** The head of a group of records: its value, how many there are, and how deep it stands. */
  | {
      readonly kind: 'group'
      readonly level: number
      readonly title: CellPaint
      readonly count: string
      readonly copy: string
    }

/** What a row is to the gutter: a record with its number, a group's head, or the row that adds a record. */
export type RowMark =
  | { readonly kind: 'record'; readonly number: number }
  | { readonly kind: 'group'; readonly level: number; readonly open: boolean }
  | { readonly kind: 'add' }

/** Somebody else in a cell: a short name and the pill colour that is theirs. */
export interface CellMark {
  readonly name: string
  readonly tone: string
}

/** A file in a cell: its picture, or the ending of its name on a tile. */
export interface FileTile {
  readonly picture?: string
  readonly ending: string
}

export interface Pill {
  readonly text: string
  readonly color: string
}

export interface SurfaceColumn {
  readonly id: string
  readonly title: string
  readonly width: number
  /** Name of a field kind, for the icon. */
  readonly icon: string
  readonly sorted?: 'up' | 'down'
  readonly locked?: boolean
}

/**
 * What is in view: rows, the first scrolling column, how many of these there are, and by how many pixels the first is
 * pushed to the left (tx is negative).
 */
export interface Region {
  readonly from: number
  readonly to: number
  readonly col: number
  readonly cols: number
  readonly tx: number
}

export interface SurfaceRef {
  /** Where a cell is in the window; row -1 is the header. */
  bounds(col: number, row: number): Rect | undefined
  repaint(cells: readonly (readonly [col: number, row: number])[]): void
  focus(): void
  /** The element that takes the focus back from a menu: it stays, while those of single cells come and go. */
  home(): HTMLElement | null
  scrollTo(col: number, row: number): void
  /** Scrolls down by pixels, unless the table stands at its very top, where new rows are to be seen; tells if it did. */
  scrollBy(pixels: number): boolean
}

/** What dragging rows asks and tells. A gap is the line above a row: 0 lies over the first one. */
export interface RowDragging {
  /** The words beside the pointer, and whether the rows may be let go there. */
  readonly say: (row: number, gap: number) => { readonly text: string; readonly allowed: boolean }
  readonly drop: (row: number, gap: number) => void
}

export interface SurfaceProps {
  readonly columns: readonly SurfaceColumn[]
  readonly frozen: number
  readonly rows: number
  /** In pixels; where groups' heads are lower than tall rows, it depends on the row. */
  readonly rowHeight: number | ((row: number) => number)
  /** Raise it after edits: the copy for screen readers is rebuilt only then. */
  readonly version: number
  readonly cell: (col: number, row: number) => CellPaint
  /** What a row is; without it every row is a record with its own number. */
  readonly mark?: (row: number) => RowMark
  /** The colour of a row's record, drawn as a stripe in the gutter. */
  readonly rowColor?: (row: number) => string | undefined
  /** A press on a row that holds no record. */
  readonly onMark?: (row: number, inGutter: boolean) => void
  /** Whether a cell holds what was searched for. */
  readonly found?: (col: number, row: number) => 'match' | 'current' | undefined
  /** Who else stands in a cell; after a change of the answer `repaint` the cells. */
  readonly others?: (col: number, row: number) => CellMark | undefined
  readonly selection: Selection
  /** A new selection is scrolled to, unless this is set. */
  readonly still?: boolean
  readonly onSelection: (selection: Selection) => void
  /** A key before the surface sees it; true when it was dealt with. */
  readonly onKey: (press: Press) => boolean
  /** Double click or tap on the active cell. */
  readonly onActivate: (col: number, row: number) => void
  /** A plain click; `x` counts from the cell's left edge. True when the click was used up. */
  readonly onClick: (col: number, row: number, at: { x: number; width: number; double: boolean }) => boolean
  readonly onVisible: (region: Region) => void
  readonly onHeaderMenu: (col: number, at: Rect) => void
  readonly onCellMenu: (col: number, row: number, at: Rect) => void
  readonly onExpand: (row: number) => void
  readonly onMoveColumn: (from: number, to: number) => void
  readonly onResizeColumn: (col: number, width: number, done: boolean) => void
  readonly onHoverHeader: (col: number | undefined, at: Rect | undefined) => void
  /** A cell the pointer is over, or none. */
  readonly onHoverCell?: (cell: readonly [col: number, row: number] | undefined, at: Rect | undefined) => void
  /** Whether files may be let go on a cell, and what happens then. */
  readonly takesFiles?: (col: number, row: number) => boolean
  readonly onFiles?: (col: number, row: number, files: File[]) => void
  readonly onFill: (source: Range, target: Range) => void
  /** Rows dragged by the handle in the gutter. */
  readonly dragging?: RowDragging
  /** Stands right of the last column. */
  readonly afterColumns?: ReactNode
  /** The row under the last one; absent when rows cannot be added. */
  readonly onAppend?: () => void
  readonly appendHint?: string
}
