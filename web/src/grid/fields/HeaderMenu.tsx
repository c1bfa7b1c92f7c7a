/** The menu of a column: edit, sort, insert, hide, freeze, delete. */
import {
  ArrowDownNarrowWide,
  ArrowDownWideNarrow,
  ArrowLeftToLine,
  ArrowRightToLine,
  EyeOff,
  Group,
  ListFilter,
  Pencil,
  Snowflake,
  Trash2,
  Waypoints,
} from 'lucide-react'
import type { Field, ViewConfig } from '../../api/types'
import { confirm } from '../../shell/confirm'
import { toast } from '../../shell/toasts'
import { Menu, MenuItem, MenuSeparator } from '../../ui/Menu'
import type { FieldWanted } from '../control/useMenus'
import { openToolbarMenu } from '../find'
import { showDependencies } from '../formula/asking'
import { readersOf } from '../formula/readers'
import { shownAs } from '../kinds/computed'
import type { GridModel, Setting } from '../model'
import { wishCondition } from '../toolbar/FilterForm'
import type { GridControl } from '../useGridControl'
import styles from './Fields.module.css'

interface HeaderMenuProps {
  model: GridModel
  setting: Setting
  config: ViewConfig
  onConfig: (patch: ViewConfig) => void
  control: GridControl
}

const WORDS: Readonly<Record<string, readonly [string, string]>> = {
  number: ['Sort 1 → 9', 'Sort 9 → 1'],
  date: ['Sort earliest → latest', 'Sort latest → earliest'],
  choice: ['Sort first → last', 'Sort last → first'],
  check: ['Sort unticked first', 'Sort ticked first'],
  text: ['Sort A → Z', 'Sort Z → A'],
}

const FAMILY: Readonly<Record<string, string>> = {
  number: 'number',
  currency: 'number',
  percent: 'number',
  rating: 'number',
  duration: 'number',
  auto_number: 'number',
  date: 'date',
  date_time: 'date',
  created_time: 'date',
  modified_time: 'date',
  single_select: 'choice',
  multi_select: 'choice',
  checkbox: 'check',
}

/** How the two directions of a sort are said for a field. */
export function sortWords(field: Field): readonly [string, string] {
  return WORDS[FAMILY[shownAs(field).kind] ?? 'text'] ?? ['Ascending', 'Descending']
}

export function HeaderMenu({ model, setting, config, onConfig, control }: HeaderMenuProps) {
  const { headerMenu, closeMenus, surface } = control
  const field = headerMenu && setting.fields[headerMenu.col]
  if (!headerMenu || !field) return null
  const { col } = headerMenu
  const [up, down] = sortWords(field)
  const frozen = config.frozen ?? 1
  const groups = config.groups ?? []
  const grouped = groups.some((one) => one.field === field.id)
  const by = { field: field.id, desc: false }
  const filterBy = (wanted: Field) => {
    wishCondition(wanted)
    openToolbarMenu('filterMenu')
  }

  // The closing menu gives the focus back first; a dialog opened at once would lose it.
  const openDialog = (wanted: FieldWanted) => setTimeout(() => control.openFieldDialog(wanted), 60)

  const remove = async () => {
    if (!(await sureToRemove(field))) return
    const set = model.workspace.send([{ op: 'archive_field', field: field.id }], `Delete ${field.name}`)
    toast({
      text: `Field “${field.name}” deleted`,
      detail: 'Its values are kept and come back when it is restored.',
      action: { label: 'Undo', run: () => model.workspace.undoOne(set.done) },
    })
  }
  return (
    <Menu
      open
      onOpenChange={(open) => !open && closeMenus()}
      anchor={headerMenu.at}
      align="start"
      label={`Field ${field.name}`}
      finalFocus={() => surface.current?.home()}
    >
      {field.description !== '' && <p className={styles.about}>{field.description}</p>}
      <MenuItem icon={<Pencil size={14} />} onSelect={() => openDialog({ field })}>
        Edit field
      </MenuItem>
      <MenuItem
        icon={<Waypoints size={14} />}
        onSelect={() => setTimeout(() => showDependencies(setting.table.id, field.id), 60)}
      >
        What depends on this?
      </MenuItem>
      <MenuSeparator />
      <MenuItem
        icon={<ArrowDownNarrowWide size={14} />}
        onSelect={() => onConfig({ sorts: [{ field: field.id, desc: false }] })}
      >
        {up}
      </MenuItem>
      <MenuItem
        icon={<ArrowDownWideNarrow size={14} />}
        onSelect={() => onConfig({ sorts: [{ field: field.id, desc: true }] })}
      >
        {down}
      </MenuItem>
      <MenuItem icon={<ListFilter size={14} />} onSelect={() => setTimeout(() => filterBy(field), 60)}>
        Filter by this field
      </MenuItem>
      <MenuItem
        icon={<Group size={14} />}
        onSelect={() =>
          onConfig({ groups: grouped ? groups.filter((one) => one.field !== field.id) : [...groups, by].slice(-3) })
        }
      >
        {grouped ? 'No longer group by this field' : 'Group by this field'}
      </MenuItem>
      <MenuSeparator />
      {!field.primary && (
        <MenuItem icon={<ArrowLeftToLine size={14} />} onSelect={() => openDialog({ at: col })}>
          Insert field to the left
        </MenuItem>
      )}
      <MenuItem icon={<ArrowRightToLine size={14} />} onSelect={() => openDialog({ at: col + 1 })}>
        Insert field to the right
      </MenuItem>
      <MenuSeparator />
      <MenuItem
        icon={<Snowflake size={14} />}
        onSelect={() => onConfig({ frozen: frozen === col + 1 ? 1 : col + 1 })}
        disabled={frozen === 1 && col === 0}
      >
        {frozen === col + 1 && col > 0 ? 'Freeze only the first field' : 'Freeze up to here'}
      </MenuItem>
      {!field.primary && (
        <MenuItem
          icon={<EyeOff size={14} />}
          onSelect={() => onConfig({ hidden: [...(config.hidden ?? []), field.id] })}
        >
          Hide field
        </MenuItem>
      )}
      {!field.primary && (
        <>
          <MenuSeparator />
          <MenuItem icon={<Trash2 size={14} />} danger disabled={field.builtin} onSelect={() => void remove()}>
            {field.builtin ? 'Built-in fields stay' : 'Delete field'}
          </MenuItem>
        </>
      )}
    </Menu>
  )
}

/** Asks first when other fields are computed from it: they will say that it is missing. */
async function sureToRemove(field: Field): Promise<boolean> {
  const names = await readersOf(field)
  if (names.length === 0) return true
  const many = names.length > 1
  return confirm({
    title: `Delete “${field.name}”?`,
    text: `${names.join(', ')} ${many ? 'are' : 'is'} computed from it and will show an error until it is restored or the ${many ? 'formulas are' : 'formula is'} changed.`,
    action: 'Delete field',
    danger: true,
  })
}
