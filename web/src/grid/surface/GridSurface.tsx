/**
 * The one place that knows Glide Data Grid: draws, scrolls, selects and drags. Editors, clipboard, rows and menus are
 * ours (design/grid.md section 5); replacing the library means writing this folder again and nothing else.
 */
import '@glideapps/glide-data-grid/dist/index.css'
import {
  CompactSelection,
  DataEditorCore,
  type DataEditorCoreProps,
  type DataEditorRef,
  type GridColumn,
  type GridKeyEventArgs,
  type GridSelection,
  ImageWindowLoaderImpl,
  type InnerGridCell,
  type InternalCellRenderer,
  type Item,
  loadingCellRenderer,
  newRowCellRenderer,
  type Rectangle,
  type SpriteMap,
} from '@glideapps/glide-data-grid'
import {
  type DragEvent,
  type PointerEvent,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
} from 'react'
import { useShownTheme } from '../../theme/theme'
import { KIND_STROKES } from '../kinds/strokes'
import type { Range, Selection } from '../selection'
import { GUTTER, gutterRenderer, onExpandIcon, onHandle } from './gutter'
import { paintOther } from './others'
import { paintCell, paintRenderer } from './paint'
import { readTheme } from './theme'
import type { RowMark, SurfaceProps, SurfaceRef } from './types'
import { useRowDrag } from './useRowDrag'

const HEADER = 34
const noImages = new ImageWindowLoaderImpl()
const LOADING = { kind: 'loading', allowOverlay: false, skeletonWidth: 90, skeletonWidthVariability: 60 } as const

/** Keys the surface keeps for itself; the rest of Glide's are switched off, because ours take their place. */
const KEYS: DataEditorCoreProps['keybindings'] = {
  activateCell: false,
  copy: false,
  cut: false,
  paste: false,
  delete: false,
  search: false,
  selectRow: false,
  selectColumn: false,
  clear: false,
  closeOverlay: false,
}

const sprites: SpriteMap = {
  ...Object.fromEntries(
    Object.entries(KIND_STROKES).map(([kind, strokes]) => {
      const body = strokes.map(([tag, attributes]) => `<${tag} ${written(attributes)}/>`).join('')
      return [kind, ({ bgColor }: { bgColor: string }) => svg(bgColor, body)]
    }),
  ),
  calculating: ({ bgColor }) => svg(bgColor, '<path d="M21 12a9 9 0 1 1-6.2-8.6"/>'),
  failing: ({ bgColor }) =>
    svg(
      bgColor,
      '<path d="m21.7 18-8-14a2 2 0 0 0-3.5 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.7-3"/><path d="M12 9v4"/><path d="M12 17h.01"/>',
    ),
  sortedUp: ({ bgColor }) => svg(bgColor, '<path d="m5 12 7-7 7 7"/><path d="M12 19V5"/>'),
  sortedDown: ({ bgColor }) => svg(bgColor, '<path d="M12 5v14"/><path d="m19 12-7 7-7-7"/>'),
}

function written(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ')
}

function svg(color: string, body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="${color}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${body}</svg>`
}

const toRange = ({ x, y, width, height }: Rectangle): Range => ({ col: x, row: y, cols: width, rows: height })
const toRect = ({ col, row, cols, rows }: Range): Rectangle => ({ x: col, y: row, width: cols, height: rows })

function toSelection(given: GridSelection): Selection {
  const { current } = given
  const whole = { rows: [...given.rows.items], columns: [...given.columns.items] }
  if (!current) return { ...whole, more: [] }
  return { ...whole, cell: current.cell, range: toRange(current.range), more: current.rangeStack.map(toRange) }
}

function fromSelection({ cell, range, more, rows, columns }: Selection): GridSelection {
  return {
    rows: CompactSelection.create(rows.map(([from, to]) => [from, to])),
    columns: CompactSelection.create(columns.map(([from, to]) => [from, to])),
    current: cell && range ? { cell, range: toRect(range), rangeStack: more.map(toRect) } : undefined,
  }
}

export function GridSurface({ ref, ...props }: SurfaceProps & { ref?: Ref<SurfaceRef> }) {
  const editor = useRef<DataEditorRef>(null)
  const box = useRef<HTMLDivElement>(null)
  const resized = useRef(0)
  const presses = useRef<readonly Pressed[]>([])
  const shown = useShownTheme()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the page, which `shown` changes
  const theme = useMemo(readTheme, [shown])
  const paints = useMemo(() => [paintRenderer(theme)], [theme])
  const renderers = useMemo(
    () =>
      [
        gutterRenderer(
          theme,
          (row) => marks.current(row),
          (row) => colors.current?.(row),
        ),
        newRowCellRenderer,
        loadingCellRenderer,
      ] as unknown as InternalCellRenderer<InnerGridCell>[],
    [theme],
  )
  useImperativeHandle(ref, () => handle(editor), [])
  const { cell, rows, version, onSelection, onActivate, onKey, onVisible, mark, found } = props
  // The gutter asks for the rows as they are now; the drawing functions are made once.
  const marks = useRef<(row: number) => RowMark>(plain)
  marks.current = mark ?? plain
  const colors = useRef(props.rowColor)
  colors.current = props.rowColor

  const others = useRef(props.others)
  others.current = props.others
  const drawCell: DataEditorCoreProps['drawCell'] = useCallback(
    ({ ctx, rect, col, row }, draw) => {
      draw()
      const mark = others.current?.(col, row)
      if (mark) paintOther(ctx, rect, mark, theme)
    },
    [theme],
  )

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version rebuilds the copy for screen readers
  const getCellContent = useCallback(
    ([col, row]: Item) => {
      const paint = cell(col, row)
      if (paint.kind === 'loading') return LOADING as never
      const hit = found?.(col, row)
      return hit ? { ...paintCell(paint), themeOverride: { bgCell: theme[hit] } } : paintCell(paint)
    },
    [cell, version, found, theme],
  )
  const columns = useMemo((): GridColumn[] => props.columns.map(column), [props.columns])
  const selection = useMemo(() => fromSelection(props.selection), [props.selection])
  const toned = useMemo(
    () =>
      mark &&
      ((row: number) => {
        const found = mark(row)
        const color = found.kind === 'group' ? theme.bands[found.level] : undefined
        return color === undefined ? undefined : { bgCell: color, bgCellMedium: color }
      }),
    [mark, theme],
  )
  const onGridSelectionChange = useCallback((next: GridSelection) => onSelection(toSelection(next)), [onSelection])
  const onKeyDown = useCallback((event: GridKeyEventArgs) => passKey(event, onKey), [onKey])
  const onVisibleRegionChanged = useCallback(
    (range: Rectangle, tx: number) =>
      onVisible({ from: range.y, to: Math.min(rows, range.y + range.height) - 1, col: range.x, cols: range.width, tx }),
    [onVisible, rows],
  )

  // A press on anything else in between makes two presses here no double one.
  useEffect(() => {
    const note = ({ clientX: x, clientY: y }: globalThis.PointerEvent) => {
      presses.current = [...presses.current.slice(-1), { x, y, at: Date.now() }]
    }
    window.addEventListener('pointerdown', note, true)
    return () => window.removeEventListener('pointerdown', note, true)
  }, [])

  /**
   * Takes the focus at once (Glide does so a frame later, and keys typed before would be lost), and catches the open
   * icon before Glide would take the press for choosing the row.
   */
  const rowDrag = useRowDrag(editor, box, rows, HEADER, props.dragging)
  const press = (event: PointerEvent<HTMLElement>) => {
    if (!event.currentTarget.contains(document.activeElement)) editor.current?.focus()
    const hit = editor.current?.getMouseArgsForPosition(event.clientX, event.clientY)
    if (event.button !== 0 || hit?.kind !== 'cell') return
    const row = hit.location[1]
    if (row < rows && marks.current(row).kind !== 'record') {
      event.stopPropagation()
      event.preventDefault()
      if (hit.location[0] <= 0) props.onMark?.(row, hit.location[0] < 0)
      return
    }
    if (hit.location[0] !== -1 || row >= rows) return
    if (props.dragging && event.pointerType !== 'touch' && onHandle(hit.localEventX)) {
      event.stopPropagation()
      rowDrag.begin(event, row)
      return
    }
    if (!onExpandIcon(hit.localEventX)) return
    event.stopPropagation()
    event.preventDefault()
    props.onExpand(row)
  }

  /** The cell under the pointer, if it takes files. */
  const fileCell = ({ clientX, clientY }: DragEvent): readonly [number, number] | undefined => {
    const hit = editor.current?.getMouseArgsForPosition(clientX, clientY)
    if (hit?.kind !== 'cell' || hit.location[0] < 0 || hit.location[1] >= rows) return undefined
    return props.takesFiles?.(hit.location[0], hit.location[1]) ? hit.location : undefined
  }

  /** Letting go of a column's edge ends over its menu button, which must not take that for a press. */
  const resize = (col: number, width: number, done: boolean) => {
    resized.current = Date.now()
    props.onResizeColumn(col, width, done)
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files let go on it; by keys they are picked in the cell's editor
    <div
      ref={box}
      style={{ position: 'absolute', inset: 0 }}
      onPointerDownCapture={press}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        event.dataTransfer.dropEffect = fileCell(event) ? 'copy' : 'none'
      }}
      onDrop={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        const at = fileCell(event)
        if (at) props.onFiles?.(...at, [...event.dataTransfer.files])
      }}
      data-grid-surface=""
    >
      <DataEditorCore
        ref={editor}
        width="100%"
        height="100%"
        theme={theme.glide}
        renderers={renderers}
        customRenderers={paints}
        headerIcons={sprites}
        imageWindowLoader={noImages}
        columns={columns}
        rows={rows}
        getCellContent={getCellContent}
        drawCell={drawCell}
        getCellsForSelection={true}
        getRowThemeOverride={toned}
        freezeColumns={props.frozen}
        rowHeight={props.rowHeight}
        headerHeight={HEADER}
        minColumnWidth={48}
        maxColumnWidth={1000}
        rowMarkers={{ kind: 'both', width: GUTTER, checkboxStyle: 'square' }}
        rowSelectionMode="multi"
        gridSelection={selection}
        scrollToActiveCell={props.still !== true}
        onGridSelectionChange={onGridSelectionChange}
        rangeSelect="multi-rect"
        columnSelect="multi"
        rowSelect="multi"
        fillHandle={{ size: 7, offsetX: -3, offsetY: -3, outline: 1, shape: 'square' }}
        allowedFillDirections="orthogonal"
        onFillPattern={(event) => {
          event.preventDefault()
          props.onFill(toRange(event.patternSource), toRange(event.fillDestination))
        }}
        cellActivationBehavior="double-click"
        keybindings={KEYS}
        editOnType={false}
        onKeyDown={onKeyDown}
        onCellActivated={([col, row]) => isDouble(presses.current) && onActivate(col, row)}
        onCellClicked={([col, row], event) => {
          if (col < 0) return
          const { localEventX: x, bounds } = event
          const double = isDouble(presses.current)
          if (props.onClick(col, row, { x, width: bounds.width, double })) event.preventDefault()
        }}
        onCellContextMenu={([col, row], event) => {
          event.preventDefault()
          props.onCellMenu(col, row, pointIn(event.bounds, event.localEventX, event.localEventY))
        }}
        onHeaderContextMenu={(col, event) => {
          event.preventDefault()
          if (col >= 0) props.onHeaderMenu(col, pointIn(event.bounds, event.localEventX, event.localEventY))
        }}
        onHeaderMenuClick={(col, at) => Date.now() - resized.current > 300 && props.onHeaderMenu(col, at)}
        onItemHovered={(at) => {
          const over = at.kind === 'header' && at.location[0] >= 0
          props.onHoverHeader(over ? at.location[0] : undefined, over ? at.bounds : undefined)
          const cell = at.kind === 'cell' && at.location[0] >= 0
          props.onHoverCell?.(cell ? [at.location[0], at.location[1]] : undefined, cell ? at.bounds : undefined)
        }}
        onColumnMoved={props.onMoveColumn}
        onColumnProposeMove={(from, to) => from !== 0 && to !== 0}
        onColumnResize={(_, width, col) => resize(col, width, false)}
        onColumnResizeEnd={(_, width, col) => resize(col, width, true)}
        onVisibleRegionChanged={onVisibleRegionChanged}
        trailingRowOptions={props.onAppend && { sticky: false, tint: false, hint: props.appendHint ?? '' }}
        onRowAppended={props.onAppend}
        rightElement={props.afterColumns}
        rightElementProps={{ fill: false, sticky: false }}
        drawFocusRing={true}
        smoothScrollX
        smoothScrollY
        overscrollX={120}
        overscrollY={48}
        experimental={{ kineticScrollPerfHack: true }}
      />
      {rowDrag.mark}
    </div>
  )
}

/** Without groups every row is a record. */
const plain = (row: number): RowMark => ({ kind: 'record', number: row + 1 })

interface Pressed {
  readonly x: number
  readonly y: number
  readonly at: number
}

/** Two presses at one place in half a second. Glide takes any two, also one on a button before, for a double click. */
function isDouble(presses: readonly Pressed[]): boolean {
  const [first, second] = presses
  if (!first || !second || second.at - first.at > 500) return false
  return Math.abs(second.x - first.x) < 8 && Math.abs(second.y - first.y) < 8
}

function column({ id, title, width, icon, sorted }: SurfaceProps['columns'][number]): GridColumn {
  const marks = sorted ? { indicatorIcon: sorted === 'up' ? 'sortedUp' : 'sortedDown' } : {}
  return { id, title, width, icon, hasMenu: true, ...marks }
}

function pointIn(bounds: Rectangle, x: number, y: number) {
  return { x: bounds.x + x, y: bounds.y + y, width: 1, height: 1 }
}

function passKey(event: GridKeyEventArgs, onKey: SurfaceProps['onKey']): void {
  const { key, ctrlKey: ctrl, metaKey: meta, shiftKey: shift, altKey: alt } = event
  const native = event.rawEvent?.nativeEvent
  const composing = native?.isComposing === true || event.keyCode === 229
  if (!onKey({ key, ctrl, meta, shift, alt, composing, code: native?.code })) return
  event.cancel()
  // While composing, the key belongs to the input method: it goes on in the editor that was just given the focus.
  if (!composing) event.preventDefault()
  event.stopPropagation()
}

function handle(editor: { current: DataEditorRef | null }): SurfaceRef {
  return {
    bounds: (col, row) => editor.current?.getBounds(col, row),
    repaint: (cells) => editor.current?.updateCells(cells.map((cell) => ({ cell }))),
    focus: () => editor.current?.focus(),
    home: () => document.querySelector('[data-grid-surface] canvas'),
    scrollBy: (pixels) => {
      const scroller = document.querySelector('[data-grid-surface] .dvn-scroller')
      const before = scroller?.scrollTop ?? 0
      if (scroller && before > 0) scroller.scrollTop += pixels
      return scroller?.scrollTop !== before
    },
    scrollTo: (col, row) => editor.current?.scrollTo(col, row, 'both', 0, 0),
  }
}
