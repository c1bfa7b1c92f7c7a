/** By what the view is sorted or grouped, the first line first. */
import { ArrowDown, ArrowUp, ChevronsDownUp, ChevronsUpDown, Plus, X } from 'lucide-react'
import type { Field, Sort } from '../../api/types'
import { Button, IconButton } from '../../ui/Button'
import { Picker } from '../../ui/Picker'
import { Select } from '../../ui/Select'
import { sortWords } from '../fields/HeaderMenu'
import { KindIcon } from '../kinds/KindIcon'
import type { ViewProps } from './Toolbar'
import styles from './Toolbar.module.css'

export const MOST_SORTS = 10
export const MOST_GROUPS = 3

export function SortForm({ setting, config, onConfig }: ViewProps) {
  return (
    <Levels
      fields={setting.table.fields}
      levels={config.sorts ?? []}
      most={MOST_SORTS}
      onChange={(sorts) => onConfig({ sorts })}
      words={{
        first: 'Sort by',
        next: 'then by',
        none: 'Records stand in the order they were put in.',
        add: 'Add a sort',
      }}
    />
  )
}

interface GroupFormProps extends ViewProps {
  onFoldAll: (folded: boolean) => void
}

export function GroupForm({ setting, config, onConfig, onFoldAll }: GroupFormProps) {
  const groups = config.groups ?? []
  return (
    <>
      <Levels
        fields={setting.table.fields}
        levels={groups}
        most={MOST_GROUPS}
        onChange={(next) => onConfig({ groups: next })}
        words={{ first: 'Group by', next: 'then by', none: 'Records are not grouped.', add: 'Add a group' }}
      />
      {groups.length > 0 && (
        <div className={styles.foot}>
          <Button size="small" variant="ghost" icon={<ChevronsDownUp size={13} />} onClick={() => onFoldAll(true)}>
            Collapse all
          </Button>
          <Button size="small" variant="ghost" icon={<ChevronsUpDown size={13} />} onClick={() => onFoldAll(false)}>
            Expand all
          </Button>
        </div>
      )}
    </>
  )
}

interface LevelsProps {
  fields: readonly Field[]
  levels: readonly Sort[]
  most: number
  words: { first: string; next: string; none: string; add: string }
  onChange: (levels: Sort[]) => void
}

function Levels({ fields: all, levels: given, most, words, onChange }: LevelsProps) {
  const fields = all.filter((field) => field.archived_at === null)
  const levels = given.filter((level) => fields.some((field) => field.id === level.field))
  const free = fields.filter((field) => !levels.some((level) => level.field === field.id))
  const put = (index: number, patch: Partial<Sort>) =>
    onChange(levels.map((level, at) => (at === index ? { ...level, ...patch } : level)))
  const swap = (index: number, by: -1 | 1) => {
    const [moved, other] = [levels[index], levels[index + by]]
    if (moved && other) onChange(levels.map((one, at) => (at === index ? other : at === index + by ? moved : one)))
  }
  return (
    <>
      {levels.length === 0 && <p className={styles.note}>{words.none}</p>}
      <div className={styles.rows}>
        {levels.map((level, index) => {
          const field = fields.find((one) => one.id === level.field)
          if (!field) return null
          const [up, down] = sortWords(field)
          const items = [field, ...free].map((one) => ({
            value: one.id,
            label: one.name,
            icon: <KindIcon kind={one.kind} />,
          }))
          return (
            <div key={level.field} className={styles.condition}>
              <span className={styles.word}>{index === 0 ? words.first : words.next}</span>
              <Picker
                className={styles.field}
                label="Field"
                searchPlaceholder="Find a field"
                value={level.field}
                onChange={(id) => put(index, { field: id })}
                groups={[{ label: 'Fields', items }]}
              />
              <Select
                className={styles.direction}
                label="Direction"
                value={level.desc ? 'down' : 'up'}
                onChange={(direction) => put(index, { desc: direction === 'down' })}
                options={[
                  { value: 'up', label: up.replace('Sort ', '') },
                  { value: 'down', label: down.replace('Sort ', '') },
                ]}
              />
              {levels.length > 1 && (
                <>
                  <IconButton
                    label={`${field.name} earlier`}
                    size="small"
                    disabled={index === 0}
                    onClick={() => swap(index, -1)}
                  >
                    <ArrowUp size={13} />
                  </IconButton>
                  <IconButton
                    label={`${field.name} later`}
                    size="small"
                    disabled={index === levels.length - 1}
                    onClick={() => swap(index, 1)}
                  >
                    <ArrowDown size={13} />
                  </IconButton>
                </>
              )}
              <IconButton
                label={`No longer ${words.first.toLowerCase()} ${field.name}`}
                size="small"
                onClick={() => onChange(levels.filter((_, at) => at !== index))}
              >
                <X size={13} />
              </IconButton>
            </div>
          )
        })}
      </div>
      <Button
        size="small"
        variant="ghost"
        icon={<Plus size={13} />}
        disabled={free.length === 0 || levels.length >= most}
        onClick={() => free[0] && onChange([...levels, { field: free[0].id, desc: false }])}
      >
        {words.add}
      </Button>
    </>
  )
}
