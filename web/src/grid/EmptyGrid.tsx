/** What an empty table offers: bring in a file, or add the first record. */
import { FileUp, Plus, SearchX, Table2 } from 'lucide-react'
import { useLocation } from 'wouter'
import { explain } from '../api/client'
import { paths } from '../pages/paths'
import { Button } from '../ui/Button'
import { EmptyState } from '../ui/Feedback'
import styles from './Grid.module.css'
import type { GridModel } from './model'

export function EmptyGrid({ model, filtered, onAdd }: { model: GridModel; filtered: boolean; onAdd: () => void }) {
  const [, navigate] = useLocation()
  const { table } = model.setting
  if (model.rows.problem !== undefined) {
    return (
      <div className={styles.empty}>
        <EmptyState
          title={`${table.name} could not be read`}
          text={explain(model.rows.problem)}
          actions={<Button onClick={() => model.rows.refresh()}>Try again</Button>}
        />
      </div>
    )
  }
  return (
    <div className={styles.empty}>
      {filtered ? (
        <EmptyState
          icon={<SearchX size={20} />}
          title="Nothing matches"
          text="No record passes the search and the filter. Change them to see more."
        />
      ) : (
        <EmptyState
          icon={<Table2 size={20} />}
          title={`No ${table.name.toLowerCase()} yet`}
          text="Bring in a CSV file, for example an export from Airtable, or start with a first record."
          actions={
            <>
              <Button variant="primary" icon={<FileUp size={14} />} onClick={() => navigate(paths.import(table.key))}>
                Import a CSV file
              </Button>
              <Button icon={<Plus size={14} />} onClick={onAdd}>
                Add a record
              </Button>
            </>
          }
        />
      )}
    </div>
  )
}
