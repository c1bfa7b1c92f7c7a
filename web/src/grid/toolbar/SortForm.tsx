/** By what the view is sorted, the first line first. */
import { Plus, X } from 'lucide-react'
import type { Sort } from '../../api/types'
import { Button, IconButton } from '../../ui/Button'
import { Select } from '../../ui/Select'
import { sortWords } from '../fields/HeaderMenu'
import { KindIcon } from '../kinds/KindIcon'
import type { ViewProps } from './Toolbar'
import styles from './Toolbar.module.css'

export function SortForm({ setting, config, onConfig }: ViewProps) {
  const fields = setting.table.fields.filter((field) => field.archived_at === null)
  const sorts = (config.sorts ?? []).filter((sort) => fields.some((field) => field.id === sort.field))
  const free = fields.filter((field) => !sorts.some((sort) => sort.field === field.id))
  const put = (index: number, patch: Partial<Sort>) =>
    onConfig({ sorts: sorts.map((sort, at) => (at === index ? { ...sort, ...patch } : sort)) })
  return (
    <>
      {sorts.length === 0 && <p className={styles.note}>Records stand in the order they were put in.</p>}
      <div className={styles.rows}>
        {sorts.map((sort, index) => {
          const field = fields.find((one) => one.id === sort.field)
          if (!field) return null
          const [up, down] = sortWords(field)
          return (
            <div key={sort.field} className={styles.condition}>
              <span className={styles.word}>{index === 0 ? 'Sort by' : 'then'}</span>
              <Select
                className={styles.field}
                label="Field"
                value={sort.field}
                onChange={(id) => put(index, { field: id })}
                options={[field, ...free].map((one) => ({
                  value: one.id,
                  label: one.name,
                  icon: <KindIcon kind={one.kind} />,
                }))}
              />
              <Select
                className={styles.direction}
                label="Direction"
                value={sort.desc ? 'down' : 'up'}
                onChange={(direction) => put(index, { desc: direction === 'down' })}
                options={[
                  { value: 'up', label: up.replace('Sort ', '') },
                  { value: 'down', label: down.replace('Sort ', '') },
                ]}
              />
              <IconButton
                label={`No longer sort by ${field.name}`}
                size="small"
                onClick={() => onConfig({ sorts: sorts.filter((_, at) => at !== index) })}
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
        disabled={free.length === 0}
        onClick={() => free[0] && onConfig({ sorts: [...sorts, { field: free[0].id, desc: false }] })}
      >
        Add a sort
      </Button>
    </>
  )
}
