/** Step four: what was done, and the way back in one click. */
import { CheckCircle2, CircleSlash, TriangleAlert, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { ImportRun, Table } from '../../api/types'
import { Button } from '../../ui/Button'
import { EmptyState } from '../../ui/Feedback'
import { ErrorList } from './ErrorList'
import styles from './Import.module.css'
import { outcomeTabs, Working } from './ReviewStep'

interface ResultStepProps {
  run: ImportRun
  table: Table
  tables: Table[]
  busy: boolean
  onCancel: () => void
  onUndo: () => void
  onAgain: () => void
  onRemap: () => void
  onLeave: () => void
}

export function ResultStep(props: ResultStepProps) {
  const { run, table, busy, onCancel, onUndo, onAgain, onRemap, onLeave } = props
  const [errors, setErrors] = useState(false)
  if (run.status === 'applying') return <Working run={run} verb="Importing" busy={busy} onCancel={onCancel} />
  if (run.status === 'failed' || run.status === 'cancelled') {
    const failed = run.status === 'failed'
    return (
      <div className={styles.body}>
        <EmptyState
          icon={failed ? <TriangleAlert size={20} /> : <CircleSlash size={20} />}
          title={failed ? 'The import did not go through' : 'The import was stopped'}
          text={
            run.problem ? `${run.problem.detail} ${run.problem.hint}` : 'Nothing was written: the table is as it was.'
          }
          actions={
            <>
              {!failed && <Button onClick={onRemap}>Back to columns</Button>}
              <Button variant="primary" onClick={onAgain}>
                Choose a file
              </Button>
            </>
          }
        />
      </div>
    )
  }
  const undone = run.status === 'undone'
  return (
    <div className={styles.body}>
      <div className={styles.result}>
        <div className={styles.resultIcon} data-undone={undone || undefined} aria-hidden="true">
          {undone ? <Undo2 size={24} /> : <CheckCircle2 size={24} />}
        </div>
        <h2 role="status">{undone ? 'Import undone' : `${run.filename} is in ${table.name}`}</h2>
        <p className={styles.quiet}>
          {undone
            ? 'Every record is as it was before.'
            : run.key === null
              ? 'Every row was added as a new record.'
              : 'Import the same file again at any time: only what differs will change.'}
        </p>
        {!undone && (
          <dl className={styles.tally}>
            {outcomeTabs(run).map((tab) => (
              <div key={tab.outcome}>
                <dt>{tab.label}</dt>
                <dd>{tab.count.toLocaleString()}</dd>
              </div>
            ))}
          </dl>
        )}
        <div className={styles.resultActions}>
          {!undone && (
            <Button icon={<Undo2 size={14} />} busy={busy} onClick={onUndo}>
              Undo import
            </Button>
          )}
          <Button onClick={onAgain}>Import another file</Button>
          <Button variant="primary" onClick={onLeave}>
            Open {table.name.toLowerCase()}
          </Button>
        </div>
        {!undone && run.counts.errors > 0 && (
          <Button variant="ghost" size="small" onClick={() => setErrors(!errors)} aria-expanded={errors}>
            {errors ? 'Hide' : 'Show'}{' '}
            {run.counts.errors === 1
              ? 'the row with an error'
              : `the ${run.counts.errors.toLocaleString()} rows with errors`}
          </Button>
        )}
      </div>
      {errors && (
        <div className={styles.resultErrors}>
          <ErrorList runId={run.id} total={run.counts.errors} />
        </div>
      )}
    </div>
  )
}
