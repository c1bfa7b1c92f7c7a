/** What can be done with a record or with the chosen ones: the menu of a right click. */
import {
  ArrowDown,
  ArrowUp,
  ChevronsDownUp,
  ChevronsUpDown,
  Combine,
  Copy,
  CopyPlus,
  Eraser,
  Maximize2,
  MoveDown,
  MoveUp,
  PencilLine,
  Plus,
  SquareFunction,
  Trash2,
} from 'lucide-react'
import { useLocation } from 'wouter'
import { MOST_MERGED } from '../merging/most'
import { paths } from '../pages/paths'
import type { Rect } from '../ui/anchor'
import { Menu, MenuItem, MenuSeparator } from '../ui/Menu'
import { explainValue } from './formula/asking'
import { canWrite } from './kinds'
import { isComputed } from './kinds/computed'
import type { GridModel } from './model'
import { whyFixed } from './place'
import { countCells, rowsOf } from './selection'
import type { Clipboard } from './useClipboard'
import type { GridControl } from './useGridControl'

interface RowMenuProps {
  model: GridModel
  control: GridControl
  clipboard: Clipboard
  onOpenRecord: (id: string | undefined) => void
}

export function RowMenu({ model, control, clipboard, onOpenRecord }: RowMenuProps) {
  const { rowMenu, closeMenus, surface } = control
  const [, navigate] = useLocation()
  if (!rowMenu || rowMenu.row >= model.total) return null
  const { col, row, at } = rowMenu
  if (!model.isRecord(row)) return <GroupMenu model={model} control={control} row={row} at={at} />
  const field = model.field(col)
  const id = model.idAt(row)
  const chosen = control.selected()
  const rows =
    chosen.reduce((sum, range) => sum + range.rows, 0) > 50_000
      ? 50_000
      : rowsOf(chosen).filter((one) => model.isRecord(one)).length
  const cells = countCells(chosen)
  const one = model.setting.table.name_one.toLowerCase()
  const fixed = whyFixed(model) !== undefined
  const setAll = async () => {
    await model.ensureAll(chosen)
    control.openAll(col, row, model.idsOf(chosen))
  }
  const merge = async () => {
    await model.ensureAll(chosen)
    const ids = model.idsOf(chosen).map((each) => model.workspace.queue.realId(each))
    navigate(paths.merge(model.setting.table.key, ids))
  }

  return (
    <Menu
      open
      onOpenChange={(open) => !open && closeMenus()}
      anchor={at}
      label={`Actions for this ${one}`}
      finalFocus={() => surface.current?.home()}
    >
      <MenuItem icon={<Maximize2 size={14} />} hint="Space" onSelect={() => onOpenRecord(id)}>
        Open {one}
      </MenuItem>
      {field && isComputed(field) && id !== undefined && (
        <MenuItem
          icon={<SquareFunction size={14} />}
          hint="Enter"
          onSelect={() =>
            setTimeout(() => explainValue(model.setting.table.id, field.id, model.workspace.queue.realId(id)), 60)
          }
        >
          Explain this value
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuItem icon={<ArrowUp size={14} />} onSelect={() => control.insertBelow(row - 1)}>
        Insert {one} above
      </MenuItem>
      <MenuItem icon={<ArrowDown size={14} />} hint="Shift+Enter" onSelect={() => control.insertBelow(row)}>
        Insert {one} below
      </MenuItem>
      <MenuItem icon={<CopyPlus size={14} />} onSelect={control.duplicate}>
        Duplicate {rows > 1 ? `${rows.toLocaleString('en-US')} records` : one}
      </MenuItem>
      <MenuItem
        icon={<MoveUp size={14} />}
        hint={fixed ? '' : 'Alt+Shift+↑'}
        disabled={fixed}
        onSelect={() => control.step(-1)}
      >
        Move {rows > 1 ? `${rows.toLocaleString('en-US')} records` : one} up
      </MenuItem>
      <MenuItem
        icon={<MoveDown size={14} />}
        hint={fixed ? 'sorted' : 'Alt+Shift+↓'}
        disabled={fixed}
        onSelect={() => control.step(1)}
      >
        Move {rows > 1 ? `${rows.toLocaleString('en-US')} records` : one} down
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<Copy size={14} />} hint="Ctrl+C" onSelect={clipboard.copyNow}>
        Copy {cells > 1 ? `${cells.toLocaleString('en-US')} cells` : 'cell'}
      </MenuItem>
      {rows > 1 && field && canWrite(field) && (
        <MenuItem icon={<PencilLine size={14} />} onSelect={() => setTimeout(() => void setAll(), 60)}>
          Set {field.name} of {rows.toLocaleString('en-US')} records…
        </MenuItem>
      )}
      <MenuItem icon={<Eraser size={14} />} hint="Delete" onSelect={control.clear}>
        Clear {cells > 1 ? `${cells.toLocaleString('en-US')} cells` : 'cell'}
      </MenuItem>
      <MenuSeparator />
      {rows > 1 && (
        <MenuItem icon={<Combine size={14} />} disabled={rows > MOST_MERGED} onSelect={() => void merge()}>
          Merge {rows.toLocaleString('en-US')} {model.setting.table.name.toLowerCase()}…
        </MenuItem>
      )}
      <MenuItem icon={<Trash2 size={14} />} danger onSelect={control.deleteRows}>
        Delete {rows > 1 ? `${rows.toLocaleString('en-US')} records` : one}
      </MenuItem>
    </Menu>
  )
}

/** The menu of a group's head. */
function GroupMenu({ model, control, row, at }: { model: GridModel; control: GridControl; row: number; at: Rect }) {
  const found = model.row(row)
  if (!found) return null
  const { folded } = found.group
  return (
    <Menu open onOpenChange={(open) => !open && control.closeMenus()} anchor={at} label="Actions for this group">
      <MenuItem
        icon={folded ? <ChevronsUpDown size={14} /> : <ChevronsDownUp size={14} />}
        hint={folded ? 'Alt+→' : 'Alt+←'}
        onSelect={() => control.fold(row, !folded)}
      >
        {folded ? 'Expand group' : 'Collapse group'}
      </MenuItem>
      <MenuItem icon={<Plus size={14} />} onSelect={() => control.insertBelow(row)}>
        Add {model.setting.table.name_one.toLowerCase()} to this group
      </MenuItem>
    </Menu>
  )
}
