/** One group of conditions: its conjunction, its lines, and the groups inside it. */
import { ArrowDown, ArrowUp, CopyPlus, Ellipsis, GripVertical, Plus, Trash2 } from 'lucide-react'
import { type DragEvent, type ReactNode, useState } from 'react'
import type { Field } from '../../api/types'
import { Button } from '../../ui/Button'
import { cx } from '../../ui/classes'
import { Menu, MenuItem } from '../../ui/Menu'
import { Picker } from '../../ui/Picker'
import { Select } from '../../ui/Select'
import { KindIcon } from '../kinds/KindIcon'
import type { GridModel, Setting } from '../model'
import { ConditionValue } from './ConditionValue'
import { operatorsOf, operatorWord, startCondition } from './conditions'
import {
  type Condition,
  type Conjunction,
  duplicate,
  type FilterGroup,
  isGroup,
  MAX_DEPTH,
  moveBefore,
  type Path,
  put,
  remove,
  shift,
} from './filterTree'
import styles from './Toolbar.module.css'

export interface FilterHands {
  readonly model: GridModel
  readonly setting: Setting
  readonly fields: readonly Field[]
  readonly byId: ReadonlyMap<string, Field>
  readonly tree: FilterGroup
  readonly change: (tree: FilterGroup) => void
  readonly addTo: (path: Path, group: boolean) => void
}

const DRAGGED = 'application/x-crm-condition'

export function FilterGroupBox({ hands, group, path }: { hands: FilterHands; group: FilterGroup; path: Path }) {
  const nested = path.length > 0
  return (
    <fieldset
      className={cx(styles.group, nested && styles.nested)}
      aria-label={nested ? 'Condition group' : 'Conditions'}
    >
      {group.parts.map((part, at) => {
        const here = [...path, at]
        const join = (
          <Join group={group} at={at} onJoin={(join) => hands.change(put(hands.tree, path, { ...group, join }))} />
        )
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no names of their own
          <Line key={at} hands={hands} path={here} join={join} group={isGroup(part)}>
            {isGroup(part) ? (
              <FilterGroupBox hands={hands} group={part} path={here} />
            ) : (
              <ConditionLine hands={hands} condition={part} path={here} />
            )}
          </Line>
        )
      })}
      {nested && (
        <div className={styles.groupFoot}>
          <Button size="small" variant="ghost" icon={<Plus size={13} />} onClick={() => hands.addTo(path, false)}>
            Add condition here
          </Button>
          {path.length < MAX_DEPTH - 1 && (
            <Button size="small" variant="ghost" icon={<Plus size={13} />} onClick={() => hands.addTo(path, true)}>
              Add group here
            </Button>
          )}
        </div>
      )}
    </fieldset>
  )
}

/** “Where” for the first line, the choice between and/or on the second, the chosen word on the others. */
function Join({ group, at, onJoin }: { group: FilterGroup; at: number; onJoin: (join: Conjunction) => void }) {
  if (at === 0) return <span className={styles.word}>Where</span>
  if (at > 1) return <span className={styles.word}>{group.join}</span>
  return (
    <Select
      className={styles.join}
      size="small"
      label="How the conditions are joined"
      value={group.join}
      onChange={onJoin}
      options={[
        { value: 'and', label: 'and', detail: 'all of them hold' },
        { value: 'or', label: 'or', detail: 'any of them holds' },
      ]}
    />
  )
}

interface LineProps {
  hands: FilterHands
  path: Path
  join: ReactNode
  group: boolean
  children: ReactNode
}

/** A line can be dragged by its handle, or moved, copied and deleted by its menu. */
function Line({ hands, path, join, group, children }: LineProps) {
  const [over, setOver] = useState(false)
  const { tree, change } = hands
  const drop = (event: DragEvent) => {
    event.preventDefault()
    event.stopPropagation()
    setOver(false)
    const from = JSON.parse(event.dataTransfer.getData(DRAGGED) || '[]') as number[]
    if (from.length > 0) change(moveBefore(tree, from, path))
  }
  const what = group ? 'group' : 'condition'
  return (
    <div
      role="group"
      aria-label={what}
      className={cx(styles.line, group && styles.lineOfGroup, over && styles.over)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAGGED)) return
        event.preventDefault()
        event.stopPropagation()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {join}
      {children}
      <Menu
        label={`This ${what}`}
        align="end"
        trigger={
          <button type="button" className={styles.lineMenu} aria-label={`Actions for this ${what}`}>
            <Ellipsis size={14} />
          </button>
        }
      >
        <MenuItem icon={<CopyPlus size={14} />} onSelect={() => change(duplicate(tree, path))}>
          Duplicate
        </MenuItem>
        <MenuItem icon={<ArrowUp size={14} />} onSelect={() => change(shift(tree, path, -1))}>
          Move up
        </MenuItem>
        <MenuItem icon={<ArrowDown size={14} />} onSelect={() => change(shift(tree, path, 1))}>
          Move down
        </MenuItem>
        <MenuItem icon={<Trash2 size={14} />} danger onSelect={() => change(remove(tree, path))}>
          Delete
        </MenuItem>
      </Menu>
      <span
        className={styles.grip}
        draggable
        aria-hidden="true"
        onDragStart={(event) => {
          event.stopPropagation()
          event.dataTransfer.setData(DRAGGED, JSON.stringify(path))
        }}
      >
        <GripVertical size={14} />
      </span>
    </div>
  )
}

function ConditionLine({ hands, condition, path }: { hands: FilterHands; condition: Condition; path: Path }) {
  const { model, setting, fields, byId, tree, change } = hands
  const field = byId.get(condition.field)
  const set = (next: Condition) => change(put(tree, path, next))
  const choose = (id: string) => {
    const chosen = byId.get(id)
    if (chosen) set(startCondition(chosen))
  }
  const items = fields.map((one) => ({ value: one.id, label: one.name, icon: <KindIcon kind={one.kind} /> }))
  return (
    <>
      <Picker
        className={styles.field}
        label="Field"
        value={condition.field}
        placeholder="Deleted field"
        searchPlaceholder="Find a field"
        onChange={choose}
        groups={[{ label: 'Fields', items }]}
      />
      {field && (
        <>
          <Select
            className={styles.op}
            label="Comparison"
            value={condition.op}
            onChange={(op) => set(startCondition(field, op, condition))}
            options={operatorsOf(field).map((op) => ({ value: op, label: operatorWord(op) }))}
          />
          <ConditionValue
            key={`${condition.field} ${condition.op}`}
            context={model.context(field)}
            condition={condition}
            workspace={model.workspace}
            tables={setting.tables}
            onChange={(value) =>
              set(value === undefined ? { field: field.id, op: condition.op } : { ...condition, value })
            }
          />
        </>
      )}
    </>
  )
}
