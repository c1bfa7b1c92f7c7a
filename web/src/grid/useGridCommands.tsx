/** What the grid offers to the command palette: everything its keys, toolbar and menus do. */
import {
  ArrowDown,
  ArrowDownUp,
  CalendarCheck,
  ChevronsDownUp,
  ChevronsUpDown,
  Copy,
  CopyPlus,
  Eraser,
  Eye,
  EyeOff,
  Group,
  ListFilter,
  Maximize2,
  MoveDown,
  MoveUp,
  PaintBucket,
  PaintRoller,
  Pencil,
  PencilLine,
  Plus,
  Redo2,
  Rows3,
  Search,
  Trash2,
  Undo2,
} from 'lucide-react'
import type { View, ViewConfig } from '../api/types'
import { type Command as Offered, useCommands } from '../shell/commands'
import { ViewKindIcon } from '../views/viewKinds'
import { ROW_HEIGHTS, type RowStep } from './columns'
import { openFind, openToolbarMenu } from './find'
import { canWrite } from './kinds'
import type { GridModel } from './model'
import type { Clipboard } from './useClipboard'
import type { GridControl } from './useGridControl'

const at = (id: string, label: string, icon: React.ReactNode, run: () => void, keys?: string): Offered => ({
  id: `grid-${id}`,
  label,
  icon,
  run,
  ...(keys ? { keys } : {}),
})

/** What is done to records and cells. */
export function useGridCommands(model: GridModel, control: GridControl, clipboard: Clipboard): void {
  useCommands(() => {
    const one = model.setting.table.name_one.toLowerCase()
    const row = control.selectionNow().cell?.[1]
    const run = (command: Parameters<GridControl['run']>[0]) => () => {
      control.surface.current?.focus()
      control.run(command)
    }
    const page = [
      at('add', `Add ${one}`, <Plus size={14} />, control.append),
      at('undo', 'Undo', <Undo2 size={14} />, run({ do: 'undo' }), 'Ctrl+Z'),
      at('redo', 'Redo', <Redo2 size={14} />, run({ do: 'redo' }), 'Ctrl+Y'),
      at('field', 'Add a field', <Plus size={14} />, () => control.openFieldDialog({})),
    ]
    if (row === undefined || !model.isRecord(row)) return [{ label: 'Grid', items: page }]
    const records = [
      at('open', `Open ${one}`, <Maximize2 size={14} />, run({ do: 'expand' }), 'Space'),
      at('below', `Insert ${one} below`, <ArrowDown size={14} />, run({ do: 'insertBelow' }), 'Shift+Enter'),
      at('duplicate', `Duplicate ${one}`, <CopyPlus size={14} />, control.duplicate),
      at('up', `Move ${one} up`, <MoveUp size={14} />, run({ do: 'moveUp' }), 'Alt+Shift+↑'),
      at('down', `Move ${one} down`, <MoveDown size={14} />, run({ do: 'moveDown' }), 'Alt+Shift+↓'),
      at('delete', `Delete chosen ${model.setting.table.name.toLowerCase()}`, <Trash2 size={14} />, control.deleteRows),
    ]
    const cells = [
      at('edit', 'Edit cell', <Pencil size={14} />, run({ do: 'edit' }), 'Enter'),
      at('room', 'Give the cell more room', <Maximize2 size={14} />, run({ do: 'expandCell' }), 'Shift+Space'),
      at('copy', 'Copy cells', <Copy size={14} />, clipboard.copyNow, 'Ctrl+C'),
      at('clear', 'Clear cells', <Eraser size={14} />, run({ do: 'clear' }), 'Delete'),
      at('fill', 'Fill down', <PaintRoller size={14} />, run({ do: 'fillDown' }), 'Ctrl+D'),
      at('now', 'Enter today or now', <CalendarCheck size={14} />, run({ do: 'now' }), 'Ctrl+;'),
    ]
    const col = control.selectionNow().cell?.[0] ?? 0
    const field = model.field(col)
    const chosen = control.selected()
    if (field && canWrite(field) && chosen.reduce((sum, range) => sum + range.rows, 0) > 1) {
      const setAll = async () => {
        await model.ensureAll(chosen)
        control.openAll(col, row, model.idsOf(chosen))
      }
      const label = `Set ${field.name} of the chosen records`
      cells.push(at('set', label, <PencilLine size={14} />, () => void setAll()))
    }
    return [
      { label: 'Grid', items: page },
      { label: 'Records', items: records },
      { label: 'Cells', items: cells },
    ]
  })
}

interface PageParts {
  readonly view: View
  readonly views: readonly View[]
  readonly config: ViewConfig
  readonly onConfig: (patch: ViewConfig) => void
  readonly openView: (id: string) => void
  readonly findView: () => void
  readonly onFoldAll: (folded: boolean) => void
}

const HEIGHT_NAMES: Readonly<Record<RowStep, string>> = {
  short: 'Short rows',
  medium: 'Medium rows',
  tall: 'Tall rows',
  extra: 'Extra tall rows',
}

/** What the toolbar does, and the views of the table. */
export function useViewCommands({ view, views, config, onConfig, openView, findView, onFoldAll }: PageParts): void {
  useCommands(() => {
    const menu = (name: string) => () => void openToolbarMenu(name)
    const inGrid = view.kind === 'grid'
    const grouped = inGrid && (config.groups ?? []).length > 0
    const items: Offered[] = [
      at('find', 'Find in this view', <Search size={14} />, openFind, 'Ctrl+F'),
      at('fields', inGrid ? 'Hide fields' : 'Card fields', <EyeOff size={14} />, menu('fields')),
      at('filter', 'Filter', <ListFilter size={14} />, menu('filterMenu'), 'Ctrl+Shift+F'),
      ...(inGrid ? [at('group', 'Group', <Group size={14} />, menu('groupMenu'), 'Ctrl+Shift+D')] : []),
      at('sort', 'Sort', <ArrowDownUp size={14} />, menu('sortMenu'), 'Ctrl+Shift+S'),
      at('color', 'Colour', <PaintBucket size={14} />, menu('colorMenu')),
    ]
    if (inGrid) {
      for (const [step, name] of Object.entries(HEIGHT_NAMES) as [RowStep, string][])
        items.push(at(step, name, <Rows3 size={14} />, () => onConfig({ row_height: ROW_HEIGHTS[step] })))
    }
    if (grouped) {
      items.push(at('fold', 'Collapse all groups', <ChevronsDownUp size={14} />, () => onFoldAll(true)))
      items.push(at('unfold', 'Expand all groups', <ChevronsUpDown size={14} />, () => onFoldAll(false)))
    }
    if ((config.hidden ?? []).length > 0)
      items.push(at('show', 'Show all fields', <Eye size={14} />, () => onConfig({ hidden: [] })))
    items.push(at('view', 'Find a view', <Search size={14} />, findView, 'Ctrl+Shift+K'))
    return [
      { label: 'This view', items },
      {
        label: 'Views',
        items: views.map((one) => at(one.id, one.name, <ViewKindIcon kind={one.kind} />, () => openView(one.id))),
      },
    ]
  })
}
