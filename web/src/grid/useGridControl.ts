/** The hands of the grid: what is selected and edited, and what keys and presses do. */
import { type PointerEvent, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Cells, Field, Op, RecordId } from '../api/types'
import { toast } from '../shell/toasts'
import type { Cell } from '../store/cells'
import { updateOp } from '../store/ops'
import type { Rect } from '../ui/anchor'
import { announce } from './announce'
import type { Move } from './editors/editor'
import { fillDown, fillHandle, stepBy } from './fill'
import { type Command, commandFor, type Press } from './keymap'
import { canWrite, kindOf } from './kinds'
import { target } from './kinds/text'
import type { CellEdit, GridModel, Setting } from './model'
import { atCell, countCells, NOTHING, type Range, ranges, type Selection, shifted } from './selection'
import { starAt } from './surface/paint'
import type { CellPaint, Region, SurfaceRef } from './surface/types'

export interface Editing {
  readonly col: number
  readonly row: number
  readonly record: RecordId
  readonly field: Field
  readonly value: Cell
  readonly seed: string | undefined
  readonly at: Rect
}

export interface FieldDialogState {
  /** The field to edit; absent for a new one. */
  readonly field?: Field
  /** Where a new field goes in the view. */
  readonly at?: number
}

export interface GridControl {
  readonly surface: RefObject<SurfaceRef | null>
  readonly selection: Selection
  readonly selectionNow: () => Selection
  readonly select: (selection: Selection) => void
  readonly selected: () => Range[]
  readonly editing: Editing | undefined
  readonly total: number | undefined
  readonly version: number
  readonly region: Region
  readonly paint: (col: number, row: number) => CellPaint
  readonly key: (press: Press) => boolean
  readonly pressed: (event: PointerEvent) => void
  readonly activate: (col: number, row: number) => void
  readonly click: (col: number, row: number, at: { x: number; width: number; double: boolean }) => boolean
  readonly visible: (region: Region) => void
  readonly commit: (value: Cell, move: Move, before?: Op[]) => void
  readonly cancel: () => void
  readonly expand: (row: number) => void
  readonly append: () => void
  readonly insertBelow: (row: number, cells?: Cells[]) => void
  readonly fill: (source: Range, target: Range) => void
  readonly clear: () => void
  readonly deleteRows: () => void
  readonly headerMenu: { col: number; at: Rect } | undefined
  readonly openHeaderMenu: (col: number, at: Rect) => void
  readonly rowMenu: { row: number; at: Rect } | undefined
  readonly openRowMenu: (col: number, row: number, at: Rect) => void
  readonly closeMenus: () => void
  readonly fieldDialog: FieldDialogState | undefined
  readonly setFieldDialog: (state: FieldDialogState | undefined) => void
}

const ROWS_AT_ONCE = 10_000

export function useGridControl(
  model: GridModel,
  setting: Setting,
  openRecord: (id: string | undefined) => void,
): GridControl {
  const surface = useRef<SurfaceRef>(null)
  const [selection, setSelection] = useState<Selection>(NOTHING)
  const [editing, setEditing] = useState<Editing>()
  const [version, setVersion] = useState(0)
  const [region, setRegion] = useState<Region>({ from: 0, to: 40, col: 0, tx: 0 })
  const [headerMenu, setHeaderMenu] = useState<{ col: number; at: Rect }>()
  const [rowMenu, setRowMenu] = useState<{ row: number; at: Rect }>()
  const [fieldDialog, setFieldDialog] = useState<FieldDialogState>()
  // React's state is late for fast typists: what counts is kept here.
  const now = useRef<Selection>(NOTHING)
  const active = useRef<RecordId>(undefined)
  const editingNow = useRef<Editing>(undefined)
  const before = useRef<Selection>(NOTHING)
  const cols = setting.fields.length

  const select = useCallback(
    (next: Selection) => {
      const left = active.current
      now.current = next
      active.current = next.cell && model.rows.idAt(next.cell[1])
      setSelection(next)
      if (left !== undefined && left !== active.current) model.rows.leaveRow()
    },
    [model],
  )

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const later = () => {
      timer ??= setTimeout(() => {
        timer = undefined
        setVersion((old) => old + 1)
      }, 120)
    }
    const stop = model.rows.subscribe((event) => {
      if (event.kind === 'all') {
        const row = active.current === undefined ? undefined : model.rows.cache.rowOf(active.current)
        const cell = now.current.cell
        if (row !== undefined && cell && row !== cell[1]) {
          now.current = shifted(now.current, row - cell[1])
          setSelection(now.current)
        } else if (cell && active.current === undefined) active.current = model.rows.idAt(cell[1])
        setVersion((old) => old + 1)
        return
      }
      const width = model.setting.fields.length
      const damaged: [number, number][] = []
      for (const id of event.ids) {
        const row = model.rows.cache.rowOf(id)
        if (row !== undefined) for (let col = 0; col < width; col += 1) damaged.push([col, row])
      }
      if (damaged.length > 0) surface.current?.repaint(damaged)
      later()
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [model])

  // biome-ignore lint/correctness/useExhaustiveDependencies: new fields change what a cell looks like
  const paint = useCallback((col: number, row: number) => model.paint(col, row), [model, setting])

  const open = useCallback(
    (col: number, row: number, seed: string | undefined) => {
      const [field, record, value] = [model.field(col), model.rows.idAt(row), model.value(col, row)]
      if (!field || record === undefined || value === undefined) return
      if (!canWrite(field)) {
        announce(`${field.name} cannot be edited`)
        return
      }
      const at = surface.current?.bounds(col, row)
      if (!at) return
      const next: Editing = { col, row, record, field, value, seed, at }
      editingNow.current = next
      flushSync(() => setEditing(next))
    },
    [model],
  )

  const close = useCallback(
    (then: Selection | undefined) => {
      editingNow.current = undefined
      flushSync(() => {
        setEditing(undefined)
        if (then) select(then)
      })
      surface.current?.focus()
    },
    [select],
  )

  const commit = useCallback(
    (value: Cell, move: Move, ops: Op[] = []) => {
      const edit = editingNow.current
      if (!edit) return
      if (ops.length > 0) {
        const update = updateOp(model.setting.table.id, [[edit.record, edit.field.id, value]])
        model.workspace.send([...ops, update], `Edit ${edit.field.name}`)
      } else if (model.write([[edit.record, edit.field.id, value]], `Edit ${edit.field.name}`) > 0) {
        announce(`${edit.field.name}: ${kindOf(edit.field).format(value, model.context(edit.field)) || 'empty'}`)
      }
      const row = model.rows.cache.rowOf(edit.record) ?? edit.row
      const step = { stay: [0, 0], down: [0, 1], up: [0, -1], right: [1, 0], left: [-1, 0] }[move] as [number, number]
      const last = model.setting.fields.length - 1
      close(
        atCell(
          Math.min(Math.max(0, edit.col + step[0]), last),
          Math.min(Math.max(0, row + step[1]), Math.max(0, model.total - 1)),
        ),
      )
    },
    [model, close],
  )

  const cancel = useCallback(() => close(undefined), [close])

  const selected = useCallback(() => ranges(now.current, model.setting.fields.length, model.total), [model])

  /** Runs something on selected rows once they are all here. */
  const withRows = useCallback(
    async (run: (chosen: Range[]) => void) => {
      const chosen = selected()
      if (chosen.reduce((sum, range) => sum + range.rows, 0) > ROWS_AT_ONCE) {
        toast({ text: `Choose at most ${ROWS_AT_ONCE.toLocaleString('en-US')} records at once`, tone: 'danger' })
        return
      }
      for (const range of chosen) await model.rows.ensure(range.row, range.row + range.rows - 1)
      run(chosen)
    },
    [model, selected],
  )

  const clear = useCallback(() => {
    void withRows((chosen) => {
      const count = model.clear(chosen)
      if (count > 1) undoToast(model, `${count.toLocaleString('en-US')} cells cleared`)
      if (count > 0) announce(`${count} cells cleared`)
    })
  }, [model, withRows])

  const deleteRows = useCallback(() => {
    void withRows((chosen) => {
      const ids = model.idsOf(chosen)
      if (ids.length === 0) return
      const { table } = model.setting
      const text = ids.length === 1 ? `${table.name_one} deleted` : `${ids.length} ${table.name.toLowerCase()} deleted`
      const done = model.workspace.delete(table.id, ids, text)
      toast({ text, action: { label: 'Undo', run: () => model.workspace.undoOne(done) } })
      const cell = now.current.cell
      select(cell && model.total > 0 ? atCell(cell[0], Math.min(cell[1], model.total - 1)) : NOTHING)
      announce(text)
      surface.current?.focus()
    })
  }, [model, select, withRows])

  const insertBelow = useCallback(
    (row: number, cells: Cells[] = [{}]) => {
      const at = model.insert(cells, row)
      flushSync(() => select(atCell(now.current.cell?.[0] ?? 0, at)))
      surface.current?.scrollTo(0, at)
      surface.current?.focus()
    },
    [model, select],
  )

  const append = useCallback(() => {
    const at = model.insert([{}])
    flushSync(() => select(atCell(0, at)))
    surface.current?.scrollTo(0, at)
    surface.current?.focus()
  }, [model, select])

  const expand = useCallback(
    (row: number) => {
      const id = model.rows.idAt(row)
      if (id !== undefined) openRecord(id)
    },
    [model, openRecord],
  )

  const put = useCallback(
    (fills: readonly { col: number; row: number; value: Cell }[], label: string) => {
      const edits = fills.flatMap(({ col, row, value }): CellEdit[] => {
        const [field, id] = [model.field(col), model.rows.idAt(row)]
        return field && id !== undefined ? [[id, field.id, value]] : []
      })
      const count = model.write(edits, label)
      if (count > 0) announce(`${count} cells filled`)
    },
    [model],
  )

  const fill = useCallback(
    (source: Range, goal: Range) => {
      put(
        fillHandle(
          source,
          goal,
          (col, row) => model.value(col, row) ?? null,
          (col, from, step) => (isSeries(model.field(col)) ? stepBy(from, step) : undefined),
        ),
        'Fill',
      )
    },
    [model, put],
  )

  const run = useCallback(
    (command: Command): boolean => {
      const [col, row] = now.current.cell ?? [undefined, undefined]
      const field = col === undefined ? undefined : model.field(col)
      switch (command.do) {
        case 'undo':
        case 'redo': {
          const label = command.do === 'undo' ? model.workspace.undo() : model.workspace.redo()
          announce(label ? `${command.do === 'undo' ? 'Undone' : 'Redone'}: ${label}` : `Nothing to ${command.do}`)
          return true
        }
        case 'find':
          document.querySelector<HTMLInputElement>('[data-grid-search]')?.focus()
          return true
        case 'deselect':
          if (now.current.rows.length + now.current.columns.length + now.current.more.length === 0) return false
          select(now.current.cell ? atCell(...now.current.cell) : NOTHING)
          return true
        case 'clear':
          clear()
          return true
        case 'copy':
        case 'shortcuts':
        case 'sortMenu':
        case 'filterMenu':
          return openMenuByKey(command.do)
      }
      if (col === undefined || row === undefined || !field) return false
      switch (command.do) {
        case 'type':
          if (row >= model.total) append()
          open(...(now.current.cell ?? [col, row]), command.text)
          return true
        case 'compose':
          open(col, row, '')
          return editingNow.current !== undefined
        case 'edit':
          if (row >= model.total) append()
          else if (!canWrite(field)) expand(row)
          else open(col, row, undefined)
          return true
        case 'expandCell':
          open(col, row, undefined)
          return true
        case 'toggle':
          model.writeAt(col, row, model.value(col, row) === true ? null : true, `Edit ${field.name}`)
          return true
        case 'rate': {
          const max = field.options.max ?? 5
          const digit = Math.min(command.digit, max)
          model.writeAt(col, row, digit === 0 ? null : digit, `Edit ${field.name}`)
          return true
        }
        case 'expand':
          expand(row)
          return true
        case 'insertBelow':
          insertBelow(row)
          return true
        case 'now':
          if (field.kind === 'date' || field.kind === 'date_time') {
            const parsed = kindOf(field).parse('now', model.context(field))
            if (parsed.ok) model.writeAt(col, row, parsed.value, `Edit ${field.name}`)
          }
          return true
        case 'fillDown':
          for (const range of selected())
            put(
              fillDown(range, (at, from) => model.value(at, from) ?? null),
              'Fill down',
            )
          return true
      }
    },
    [model, select, clear, open, append, expand, insertBelow, put, selected],
  )

  const key = useCallback(
    (press: Press): boolean => {
      const cell = now.current.cell
      // The first column stands still: going there says nothing to the surface about the columns beside it.
      if (press.key === 'Home' && cell) surface.current?.scrollTo(1, press.ctrl || press.meta ? 0 : cell[1])
      const field = cell && model.field(cell[0])
      const command = commandFor(press, {
        writable: field !== undefined && canWrite(field),
        ...(field ? { shape: kindOf(field).shape } : {}),
      })
      return command !== undefined && run(command)
    },
    [model, run],
  )

  const click = useCallback(
    (col: number, row: number, { x, width, double }: { x: number; width: number; double: boolean }): boolean => {
      const [field, value] = [model.field(col), model.value(col, row)]
      if (!field || value === undefined) return false
      const { shape } = kindOf(field)
      if (shape === 'check' && canWrite(field) && Math.abs(x - width / 2) <= 12) {
        model.writeAt(col, row, value === true ? null : true, `Edit ${field.name}`)
        return true
      }
      if (shape === 'rating' && canWrite(field)) {
        const star = starAt(x, field.options.max ?? 5)
        if (star === undefined) return false
        model.writeAt(col, row, star === value ? null : star, `Edit ${field.name}`)
        return true
      }
      const was = before.current.cell
      if (shape === 'address' && !double && was?.[0] === col && was[1] === row && typeof value === 'string') {
        const to = x < 16 + value.length * 7 ? target(field.kind, value) : undefined
        if (to) window.open(to, '_blank', 'noopener,noreferrer')
        return to !== undefined
      }
      return false
    },
    [model],
  )

  const visible = useCallback(
    (next: Region) => {
      model.rows.show(next.from, Math.max(next.from, next.to))
      setRegion((old) => (old.col === next.col && old.tx === next.tx ? old : next))
      const edit = editingNow.current
      const at = edit && surface.current?.bounds(edit.col, edit.row)
      if (edit && at && (at.x !== edit.at.x || at.y !== edit.at.y)) {
        editingNow.current = { ...edit, at }
        setEditing(editingNow.current)
      }
    },
    [model],
  )

  const pressed = useCallback(() => {
    before.current = now.current
  }, [])
  const activate = useCallback(
    (col: number, row: number) => {
      const field = model.field(col)
      if (field && !['check', 'rating'].includes(kindOf(field).shape)) open(col, row, undefined)
    },
    [model, open],
  )
  const closeMenus = useCallback(() => {
    setHeaderMenu(undefined)
    setRowMenu(undefined)
  }, [])
  const openHeaderMenu = useCallback((col: number, at: Rect) => setHeaderMenu({ col, at }), [])
  const openRowMenu = useCallback((_: number, row: number, at: Rect) => {
    if (row >= 0) setRowMenu({ row, at })
  }, [])
  const selectionNow = useCallback(() => now.current, [])

  return useMemo(
    () => ({
      surface,
      selection: clipped(selection, cols),
      selectionNow,
      select,
      selected,
      editing,
      total: model.rows.total,
      version,
      region,
      paint,
      key,
      pressed,
      activate,
      click,
      visible,
      commit,
      cancel,
      expand,
      append,
      insertBelow,
      fill,
      clear,
      deleteRows,
      headerMenu,
      openHeaderMenu,
      rowMenu,
      openRowMenu,
      closeMenus,
      fieldDialog,
      setFieldDialog,
    }),
    [
      selection,
      cols,
      selectionNow,
      select,
      selected,
      editing,
      model,
      version,
      region,
      paint,
      key,
      pressed,
      activate,
      click,
      visible,
      commit,
      cancel,
      expand,
      append,
      insertBelow,
      fill,
      clear,
      deleteRows,
      headerMenu,
      openHeaderMenu,
      rowMenu,
      openRowMenu,
      closeMenus,
      fieldDialog,
    ],
  )
}

/** A column that is gone cannot stay selected. */
function clipped(selection: Selection, cols: number): Selection {
  return selection.cell && selection.cell[0] >= cols ? NOTHING : selection
}

function isSeries(field: Field | undefined): boolean {
  return field !== undefined && ['number', 'currency', 'percent', 'date', 'duration'].includes(field.kind)
}

function undoToast(model: GridModel, text: string): void {
  toast({ text, action: { label: 'Undo', run: () => void model.workspace.undo() } })
}

function openMenuByKey(which: string): boolean {
  const button = document.querySelector<HTMLElement>(`[data-grid-menu="${which}"]`)
  button?.click()
  return button !== null
}

export { countCells }
