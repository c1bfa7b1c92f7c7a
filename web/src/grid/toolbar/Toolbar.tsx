/** The row above the grid: fields, filter, sort, row height, search, undo. */
import {
  ArrowDownUp,
  ChevronDown,
  EyeOff,
  Group,
  ListFilter,
  Lock,
  PaintBucket,
  PanelLeftOpen,
  Plus,
  Redo2,
  Rows3,
  Share2,
  Undo2,
  UserRound,
  UsersRound,
} from 'lucide-react'
import { memo, type RefObject } from 'react'
import type { Someone, View, ViewConfig } from '../../api/types'
import { PastButton } from '../../past/PastButton'
import { Avatars } from '../../presence/Avatars'
import { toast } from '../../shell/toasts'
import { useWorkspaceState } from '../../store/useWorkspace'
import { Button, IconButton } from '../../ui/Button'
import { cx } from '../../ui/classes'
import { Menu, MenuRadio } from '../../ui/Menu'
import { Popover } from '../../ui/Popover'
import { CardSettings, settingsLabel } from '../../views/cards/CardSettings'
import { showList } from '../../views/memory'
import type { ViewTools } from '../../views/useViewDeeds'
import { ViewMenuItems } from '../../views/ViewMenu'
import { ViewKindIcon } from '../../views/viewKinds'
import { sharingOf } from '../../views/viewState'
import { ROW_HEIGHTS, rowStepOf } from '../columns'
import { afterToolbarMenu } from '../find'
import type { GridHands } from '../GridBody'
import type { GridModel, Setting } from '../model'
import type { Found } from '../useFind'
import { ColorForm } from './ColorForm'
import { FieldList } from './FieldList'
import { FilterForm } from './FilterForm'
import { FindBox } from './FindBox'
import { conditionsOf } from './filterTree'
import { GroupForm, SortForm } from './SortForm'
import styles from './Toolbar.module.css'

export interface ViewProps {
  model: GridModel
  setting: Setting
  view: View
  config: ViewConfig
  onConfig: (patch: ViewConfig) => void
}

interface ToolbarProps extends ViewProps {
  search: string
  onSearch: (text: string) => void
  hands: RefObject<GridHands | undefined>
  found: Found
  onFoldAll: (folded: boolean) => void
  onGoToPerson: (someone: Someone) => void
  tools: ViewTools
  /** Whether the list of views is shown. */
  listed: boolean
}

export const Toolbar = memo(function Toolbar({
  search,
  onSearch,
  hands,
  found,
  onFoldAll,
  onGoToPerson,
  tools,
  listed,
  ...props
}: ToolbarProps) {
  const { model, setting, view, config, onConfig } = props
  const workspace = useWorkspaceState(model.workspace)
  const living = new Set(setting.table.fields.filter((field) => field.archived_at === null).map((field) => field.id))
  const hidden = (config.hidden ?? []).filter((id) => living.has(id)).length
  const groups = (config.groups ?? []).filter((group) => living.has(group.field)).length
  const sorts = (config.sorts ?? []).filter((sort) => living.has(sort.field)).length
  const settings = settingsLabel({ view, table: setting.table, config })
  const filters = conditionsOf(config.filter).filter((one) => living.has(one.field)).length
  return (
    <div className={styles.bar} role="toolbar" aria-label="View">
      {!listed && (
        <IconButton label="Show the list of views" shortcut="Ctrl+Shift+K" size="small" onClick={() => showList(true)}>
          <PanelLeftOpen size={14} />
        </IconButton>
      )}
      <ViewName view={view} tools={tools} />
      <Tool
        label={view.kind === 'grid' ? hiddenLabel(hidden) : 'Card fields'}
        icon={view.kind === 'grid' ? <EyeOff size={14} /> : <Rows3 size={14} />}
        on={view.kind === 'grid' && hidden > 0}
        menu="fields"
      >
        <FieldList {...props} />
      </Tool>
      {settings && (
        <Tool label={settings.label} icon={settings.icon} on={false} menu="cards">
          <CardSettings view={view} table={setting.table} config={config} onConfig={onConfig} />
        </Tool>
      )}
      <Tool
        label={filters > 0 ? `Filter · ${filters}` : 'Filter'}
        icon={<ListFilter size={14} />}
        on={filters > 0}
        menu="filterMenu"
      >
        <FilterForm {...props} keep={view.id} />
      </Tool>
      {view.kind === 'grid' && (
        <Tool
          label={groups > 0 ? `Group · ${groups}` : 'Group'}
          icon={<Group size={14} />}
          on={groups > 0}
          menu="groupMenu"
        >
          <GroupForm {...props} onFoldAll={onFoldAll} />
        </Tool>
      )}
      <Tool
        label={sorts > 0 ? `Sort · ${sorts}` : 'Sort'}
        icon={<ArrowDownUp size={14} />}
        on={sorts > 0}
        menu="sortMenu"
      >
        <SortForm {...props} />
      </Tool>
      <Tool
        label="Colour"
        icon={<PaintBucket size={14} />}
        on={Boolean(config.color?.field || config.color?.rules?.length)}
        menu="colorMenu"
      >
        <ColorForm {...props} />
      </Tool>
      {view.kind === 'grid' && <RowHeight config={config} onConfig={onConfig} />}
      <IconButton label="Copy a link to what you see" size="small" onClick={() => void shareView(view.name)}>
        <Share2 size={14} />
      </IconButton>
      <div className={styles.right}>
        <Avatars model={model} table={setting.table} onGo={onGoToPerson} />
        <FindBox search={search} onSearch={onSearch} found={found} hands={hands} />
        <PastButton table={setting.table.key} view={view.id} />
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
        <Button size="small" variant="primary" icon={<Plus size={14} />} onClick={() => hands.current?.append()}>
          {setting.table.name_one}
        </Button>
      </div>
    </div>
  )
})

function RowHeight({ config, onConfig }: Pick<ViewProps, 'config' | 'onConfig'>) {
  return (
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
  )
}

/** Puts the address of what is on show, with unsaved changes, on the clipboard. */
async function shareView(name: string): Promise<void> {
  await navigator.clipboard.writeText(window.location.href)
  toast({ text: `Link to ${name} copied`, detail: 'It carries your filter, sort, groups and search along.' })
}

function hiddenLabel(hidden: number): string {
  return hidden > 0 ? `${hidden} hidden ${hidden === 1 ? 'field' : 'fields'}` : 'Hide fields'
}

const SHARING = {
  personal: { word: 'Personal view: only you see it', icon: <UserRound size={12} /> },
  shared: { word: 'Shared with the team', icon: <UsersRound size={12} /> },
  locked: { word: 'Locked: changes stay with you', icon: <Lock size={12} /> },
} as const

/** The name of the view with whose it is; pressed, it opens what can be done with the view. */
function ViewName({ view, tools }: { view: View; tools: ViewTools }) {
  const { word, icon } = SHARING[sharingOf(view)]
  return (
    <Menu
      label={`Actions for ${view.name}`}
      trigger={
        <button type="button" className={styles.view} aria-label={`View ${view.name}. ${word}`}>
          <ViewKindIcon kind={view.kind} />
          <span className={styles.viewName}>{view.name}</span>
          <span className={styles.sharing}>{icon}</span>
          <ChevronDown size={12} aria-hidden="true" />
        </button>
      }
    >
      <p className={styles.about}>
        {icon} {word}
      </p>
      {view.description !== '' && <p className={styles.about}>{view.description}</p>}
      <ViewMenuItems
        view={view}
        sections={tools.sections}
        keyHolder={tools.keyHolder(view)}
        only={tools.isOnly(view)}
        deeds={tools.deedsOf(view)}
      />
    </Menu>
  )
}

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
      finalFocus={afterToolbarMenu}
      trigger={
        <Button
          variant="ghost"
          size="small"
          icon={icon}
          className={cx(styles.tool, on && styles.on)}
          aria-label={label}
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
