/** Asks before records come apart again, and says which cells stay as they are because they were changed since. */
import { useEffect, useState } from 'react'
import { api, explain } from '../api/client'
import type { KeptCell, PastMerge, Unmerged } from '../api/merging'
import type { Table } from '../api/types'
import { FieldValue } from '../record/FieldValue'
import { useContexts } from '../record/useContexts'
import { toast } from '../shell/toasts'
import type { Workspace } from '../store/workspace'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { Notice } from '../ui/Feedback'
import { namesOf } from './Merged'
import styles from './Merged.module.css'

interface UnmergeProps {
  workspace: Workspace
  tables: readonly Table[]
  merge: PastMerge
  onClose: () => void
}

export function UnmergeDialog({ workspace, tables, merge, onClose }: UnmergeProps) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  useEffect(() => workspace.learn(merge.names), [workspace, merge])

  async function unmerge() {
    setBusy(true)
    try {
      const { applied } = await api.post<Unmerged>(`/api/merges/${merge.version}/undo`)
      const done = workspace.did(applied.version, 'Un-merge')
      const text = `${namesOf(merge)} ${merge.records.length === 1 ? 'is' : 'are'} there again`
      toast({ text, tone: 'success', action: { label: 'Undo', run: () => workspace.undoOne(done) } })
      onClose()
    } catch (error) {
      setProblem(explain(error))
      setBusy(false)
    }
  }

  return (
    <Dialog
      open
      onClose={onClose}
      bodyClassName={styles.body}
      title={`Un-merge ${namesOf(merge)}?`}
      text="What the merge moved goes back: values, links, comments and activities. What was added since stays here."
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={busy} disabled={merge.blocked !== null} onClick={() => void unmerge()}>
            Un-merge
          </Button>
        </>
      }
    >
      {(problem ?? merge.blocked) && <Notice tone="danger">{problem ?? merge.blocked}</Notice>}
      {merge.kept.length > 0 && <Kept {...{ workspace, tables, merge }} />}
    </Dialog>
  )
}

function Kept({ workspace, tables, merge }: Omit<UnmergeProps, 'onClose'>) {
  const context = useContexts(workspace)
  const found = (cell: KeptCell) =>
    tables.find(({ id }) => id === cell.table)?.fields.find(({ id }) => id === cell.field)
  return (
    <Notice
      tone="warning"
      title={`${merge.kept.length === 1 ? 'One cell was' : `${merge.kept.length} cells were`} changed since and stay${merge.kept.length === 1 ? 's' : ''} as now`}
    >
      <ul className={styles.kept}>
        {merge.kept.map((cell) => {
          const field = found(cell)
          if (!field) return null
          return (
            <li key={`${cell.record}/${cell.field}`}>
              {field.name} of {merge.names[cell.record] || 'this record'}:{' '}
              <FieldValue value={cell.now} context={context(field)} />
              <span className={styles.quiet}>
                before the merge: <FieldValue value={cell.before} context={context(field)} />
              </span>
            </li>
          )
        })}
      </ul>
    </Notice>
  )
}
