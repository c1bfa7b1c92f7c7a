/** Which records a view shows: conditions and groups of them, joined by “and” or “or”, three levels deep. */
import { FolderPlus, Plus } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Field, Filter } from '../../api/types'
import { Button } from '../../ui/Button'
import { finished, startCondition } from './conditions'
import { FilterGroupBox, type FilterHands } from './FilterGroupBox'
import {
  add,
  type Condition,
  conditionsOf,
  type FilterGroup,
  filterOf,
  NO_FILTER,
  type Path,
  treeOf,
} from './filterTree'
import type { ViewProps } from './Toolbar'
import styles from './Toolbar.module.css'

interface FilterFormProps extends Omit<ViewProps, 'view' | 'config' | 'onConfig'> {
  config: { filter?: Filter | null }
  onConfig: (patch: { filter: Filter | null }) => void
  /** Unfinished conditions are kept under this name while the form is closed. */
  keep?: string
}

/** What was left unfinished, by the form's name. */
const kept = new Map<string, FilterGroup>()

/** A field that the next filter form to open starts a condition with. */
let wished: Field | undefined

export function wishCondition(field: Field): void {
  wished = field
}

const same = (a: Filter | null, b: Filter | null): boolean => JSON.stringify(a) === JSON.stringify(b)

export function FilterForm({ model, setting, config, onConfig, keep }: FilterFormProps) {
  // A group without conditions is no filter: what is being written must not be taken for another's change of it.
  const filter = config.filter && conditionsOf(config.filter).length > 0 ? config.filter : null
  const fields = setting.table.fields.filter((field) => field.archived_at === null)
  const byId = new Map(fields.map((field) => [field.id, field]))
  const says = (one: Condition): boolean => {
    const field = byId.get(one.field)
    return field !== undefined && finished(field, one)
  }
  const [tree, setTree] = useState<FilterGroup>(() => {
    const old = keep === undefined ? undefined : kept.get(keep)
    const start = old && same(filterOf(old, says), filter) ? old : treeOf(filter)
    const asked = keep !== undefined && wished && byId.get(wished.id)
    if (!asked) return start
    return add(start, [], startCondition(asked))
  })
  useEffect(() => {
    wished = undefined
  }, [])
  // Another's change, an undo or a discarded draft comes in here; an own one is what was sent last.
  const sent = useRef(filter)
  useEffect(() => {
    if (same(filter, sent.current)) return
    sent.current = filter
    setTree(treeOf(filter))
  }, [filter])

  const change = (next: FilterGroup) => {
    setTree(next)
    if (keep !== undefined) kept.set(keep, next)
    const said = filterOf(next, says)
    if (same(said, sent.current)) return
    sent.current = said
    onConfig({ filter: said })
  }
  const first = fields.find((one) => one.primary) ?? fields[0]
  const addTo = (path: Path, group: boolean) => {
    if (!first) return
    const condition = startCondition(first)
    change(add(tree, path, group ? { join: 'and', parts: [condition] } : condition))
  }
  const hands: FilterHands = { model, setting, fields, byId, tree, change, addTo }
  return (
    <div className={styles.filter}>
      {tree.parts.length === 0 ? (
        <p className={styles.note}>All records are shown.</p>
      ) : (
        <FilterGroupBox hands={hands} group={tree} path={[]} />
      )}
      <div className={styles.foot}>
        <span>
          <Button size="small" variant="ghost" icon={<Plus size={13} />} onClick={() => addTo([], false)}>
            Add condition
          </Button>
          <Button size="small" variant="ghost" icon={<FolderPlus size={13} />} onClick={() => addTo([], true)}>
            Add condition group
          </Button>
        </span>
        {tree.parts.length > 0 && (
          <Button size="small" variant="ghost" onClick={() => change(NO_FILTER)}>
            Remove all
          </Button>
        )}
      </div>
    </div>
  )
}

export type FieldsById = ReadonlyMap<string, Field>
