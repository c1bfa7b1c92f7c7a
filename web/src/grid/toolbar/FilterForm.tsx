/** Conditions that all have to hold for a record to be shown. */
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import type { Field } from '../../api/types'
import { Button, IconButton } from '../../ui/Button'
import { Select } from '../../ui/Select'
import { KindIcon } from '../kinds/KindIcon'
import { ConditionValue } from './ConditionValue'
import {
  type Condition,
  conditionsOf,
  filterOf,
  finished,
  isSimple,
  operatorsOf,
  operatorWord,
  valueShape,
} from './conditions'
import type { ViewProps } from './Toolbar'
import styles from './Toolbar.module.css'

export function FilterForm({ model, setting, config, onConfig }: Omit<ViewProps, 'view'>) {
  const filter = config.filter ?? null
  const fields = setting.table.fields.filter((field) => field.archived_at === null)
  const byId = new Map(fields.map((field) => [field.id, field]))
  const [lines, setLines] = useState<readonly Condition[]>(() => conditionsOf(filter))

  const change = (next: readonly Condition[]) => {
    setLines(next)
    const said = next.filter((one) => {
      const field = byId.get(one.field)
      return field !== undefined && finished(field, one)
    })
    onConfig({ filter: filterOf(said) })
  }
  const put = (index: number, next: Condition) => change(lines.map((line, at) => (at === index ? next : line)))
  const retarget = (index: number, id: string) => {
    const field = byId.get(id)
    const op = field && operatorsOf(field)[0]
    if (field && op) put(index, start(field, op))
  }
  const add = () => {
    const field = fields.find((one) => one.primary) ?? fields[0]
    const op = field && operatorsOf(field)[0]
    if (field && op) setLines([...lines, start(field, op)])
  }

  if (!isSimple(filter)) {
    return (
      <>
        <p className={styles.note}>This view has a filter with groups of conditions.</p>
        <Button size="small" onClick={() => change([])}>
          Remove the filter
        </Button>
      </>
    )
  }
  return (
    <>
      {lines.length === 0 && <p className={styles.note}>All records are shown.</p>}
      <div className={styles.rows}>
        {lines.map((line, index) => {
          const field = byId.get(line.field)
          if (!field) return null
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same field may stand in several lines
            <div key={index} className={styles.condition}>
              <span className={styles.word}>{index === 0 ? 'Where' : 'and'}</span>
              <Select
                className={styles.field}
                label="Field"
                value={line.field}
                onChange={(id) => retarget(index, id)}
                options={fields.map((one) => ({ value: one.id, label: one.name, icon: <KindIcon kind={one.kind} /> }))}
              />
              <Select
                className={styles.op}
                label="Comparison"
                value={line.op}
                onChange={(op) =>
                  put(index, valueShape(field, op) === valueShape(field, line.op) ? { ...line, op } : start(field, op))
                }
                options={operatorsOf(field).map((op) => ({ value: op, label: operatorWord(op) }))}
              />
              <ConditionValue
                context={model.context(field)}
                condition={line}
                onChange={(value) => put(index, { ...line, value })}
              />
              <IconButton
                label="Remove this condition"
                size="small"
                onClick={() => change(lines.filter((_, at) => at !== index))}
              >
                <X size={13} />
              </IconButton>
            </div>
          )
        })}
      </div>
      <Button size="small" variant="ghost" icon={<Plus size={13} />} onClick={add}>
        Add condition
      </Button>
    </>
  )
}

function start(field: Field, op: string): Condition {
  return valueShape(field, op) === 'check' ? { field: field.id, op, value: true } : { field: field.id, op }
}
