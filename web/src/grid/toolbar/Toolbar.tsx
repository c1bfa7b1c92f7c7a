/** The row above the grid: fields, filter, sort, row height, search, undo. */
import { ArrowDownUp, EyeOff, ListFilter, Lock, Plus, Redo2, Rows3, Search, Undo2, X } from 'lucide-react'
import { memo, useEffect, useRef, useState } from 'react'
import type { View, ViewConfig } from '../../api/types'
import { useWorkspaceState } from '../../store/useWorkspace'
import { Button, IconButton } from '../../ui/Button'
import { cx } from '../../ui/classes'
import { Menu, MenuRadio } from '../../ui/Menu'
import { Popover } from '../../ui/Popover'
import { ROW_HEIGHTS, rowStepOf } from '../columns'
import type { GridModel, Setting } from '../model'
import { conditionsOf } from './conditions'
import { FieldList } from './FieldList'
import { FilterForm } from './FilterForm'
import { SortForm } from './SortForm'
import styles from './Toolbar.module.css'

export interface ViewProps {
  model: GridModel
  setting: Setting
  view: View | undefined
  config: ViewConfig
  onConfig: (patch: ViewConfig) => void
}

interface ToolbarProps extends ViewProps {
  search: string
  onSearch: (text: string) => void
  onAdd: () => void
}

export const Toolbar = memo(function Toolbar({ search, onSearch, onAdd, ...props }: ToolbarProps) {
  const { model, setting, view, config, onConfig } = props
  const workspace = useWorkspaceState(model.workspace)
  const living = new Set(setting.table.fields.filter((field) => field.archived_at === null).map((field) => field.id))
  const hidden = (config.hidden ?? []).filter((id) => living.has(id)).length
  const sorts = (config.sorts ?? []).filter((sort) => living.has(sort.field)).length
  const filters = conditionsOf(config.filter ?? null).length
  return (
    <div className={styles.bar} role="toolbar" aria-label="View">
      <span className={styles.view}>
        {view?.locked && <Lock size={12} aria-label="Locked" />}
        {view?.name ?? 'All records'}
      </span>
      <Tool
        label={hidden > 0 ? `${hidden} hidden ${hidden === 1 ? 'field' : 'fields'}` : 'Hide fields'}
        icon={<EyeOff size={14} />}
        on={hidden > 0}
        menu="fields"
      >
        <FieldList {...props} />
      </Tool>
      <Tool
        label={filters > 0 ? `Filter · ${filters}` : 'Filter'}
        icon={<ListFilter size={14} />}
        on={filters > 0}
        menu="filterMenu"
      >
        <FilterForm {...props} />
      </Tool>
      <Tool
        label={sorts > 0 ? `Sort · ${sorts}` : 'Sort'}
        icon={<ArrowDownUp size={14} />}
        on={sorts > 0}
        menu="sortMenu"
      >
        <SortForm {...props} />
      </Tool>
      <Menu
        label="Row height"
        trigger={
          <IconButton label="Row height" size="small">
            <Rows3 size={14} />
          </IconButton>
        }
      >
        <MenuRadio
          value={rowStepOf(config)}
          onChange={(step) => onConfig({ row_height: ROW_HEIGHTS[step] })}
          options={[
            { value: 'short', label: 'Short' },
            { value: 'medium', label: 'Medium' },
            { value: 'tall', label: 'Tall' },
            { value: 'extra', label: 'Extra tall' },
          ]}
        />
      </Menu>
      <div className={styles.right}>
        <SearchBox search={search} onSearch={onSearch} model={model} />
        <IconButton
          label="Undo"
          shortcut="Ctrl+Z"
          size="small"
          disabled={!workspace.undoStack.canUndo}
          onClick={() => workspace.undo()}
        >
          <Undo2 size={14} />
        </IconButton>
        <IconButton
          label="Redo"
          shortcut="Ctrl+Y"
          size="small"
          disabled={!workspace.undoStack.canRedo}
          onClick={() => workspace.redo()}
        >
          <Redo2 size={14} />
        </IconButton>
        <Button size="small" variant="primary" icon={<Plus size={14} />} onClick={() => onAdd()}>
          {setting.table.name_one}
        </Button>
      </div>
    </div>
  )
})

interface ToolProps {
  label: string
  icon: React.ReactNode
  on: boolean
  menu: string
  children: React.ReactNode
}

function Tool({ label, icon, on, menu, children }: ToolProps) {
  return (
    <Popover
      label={label}
      className={styles.popover}
      trigger={
        <Button
          variant="ghost"
          size="small"
          icon={icon}
          className={cx(styles.tool, on && styles.on)}
          data-grid-menu={menu}
        >
          <span className={styles.toolText}>{label}</span>
        </Button>
      }
    >
      {children}
    </Popover>
  )
}

const PAUSE = 200

/** Finds in the view: the server answers with the matching records and their number. */
function SearchBox({
  search,
  onSearch,
  model,
}: {
  search: string
  onSearch: (text: string) => void
  model: GridModel
}) {
  const [text, setText] = useState(search)
  const [matches, setMatches] = useState<number>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => model.rows.subscribe(() => setMatches(model.rows.total)), [model])
  useEffect(() => () => clearTimeout(timer.current), [])

  const change = (next: string, pause = PAUSE) => {
    setText(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => onSearch(next.trim()), pause)
  }
  return (
    <div className={cx(styles.search, text !== '' && styles.searching)}>
      <Search size={14} aria-hidden="true" />
      <input
        data-grid-search=""
        aria-label="Find in this view"
        placeholder="Find"
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') change(text, 0)
          if (event.key !== 'Escape') return
          change('', 0)
          event.currentTarget.blur()
        }}
      />
      {search !== '' && matches !== undefined && (
        <span className={styles.matches} role="status">
          {matches.toLocaleString('en-US')} {matches === 1 ? 'match' : 'matches'}
        </span>
      )}
      {text !== '' && (
        <button type="button" aria-label="Clear the search" onClick={() => change('', 0)}>
          <X size={12} />
        </button>
      )}
    </div>
  )
}
