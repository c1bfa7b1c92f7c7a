/** Four steps from a CSV file to records: file, columns, review, done. Nothing is written before "Import". */
import { Check } from 'lucide-react'
import { useState } from 'react'
import type { ImportRun, Table } from '../../api/types'
import { cx } from '../../ui/classes'
import { Notice, SkeletonLines } from '../../ui/Feedback'
import { FileStep } from './FileStep'
import styles from './Import.module.css'
import { MapStep } from './MapStep'
import { findTable } from './mapping'
import { ResultStep } from './ResultStep'
import { ReviewStep } from './ReviewStep'
import { useImportRun } from './useImportRun'

interface ImportWizardProps {
  tables: Table[]
  table: Table
  runId: string | null
  onTable: (key: string) => void
  onRun: (id: string | null) => void
  onLeave: () => void
  /** Inside a dialog, which has its own title. */
  compact?: boolean
}

const STEPS = ['File', 'Columns', 'Review', 'Done']

/** Which step a run stands at; a compared run may be sent back to its columns. */
function stepOf(run: ImportRun | undefined, remap: boolean): number {
  if (!run) return 0
  if (run.status === 'read' || (remap && (run.status === 'compared' || run.status === 'cancelled'))) return 1
  if (run.status === 'comparing' || run.status === 'compared') return 2
  return 3
}

export function ImportWizard({ tables, table, runId, onTable, onRun, onLeave, compact }: ImportWizardProps) {
  const actions = useImportRun(runId)
  const [remap, setRemap] = useState(false)
  const run = runId ? actions.run : undefined
  const target = run ? (findTable(tables, run.table) ?? table) : table
  const step = stepOf(run, remap)
  // Until it is through, an import stands at the review.
  const shown = step === 3 && run?.status !== 'applied' && run?.status !== 'undone' ? 2 : step

  function again() {
    setRemap(false)
    actions.forgetProblem()
    onRun(null)
  }

  return (
    <div className={cx(styles.wizard, compact && styles.compact)}>
      <header className={styles.head}>
        {!compact && <h1 className={styles.title}>Import a CSV file</h1>}
        <ol className={styles.steps} aria-label="Steps">
          {STEPS.map((name, index) => (
            <li key={name} aria-current={index === shown ? 'step' : undefined} data-done={index < shown || undefined}>
              <span className={styles.dot} aria-hidden="true">
                {index < shown ? <Check size={11} strokeWidth={3} /> : index + 1}
              </span>
              {name}
            </li>
          ))}
        </ol>
      </header>
      {actions.problem && (
        <div className={styles.problem}>
          <Notice tone="danger">{actions.problem}</Notice>
        </div>
      )}
      {runId && !run && !actions.problem && (
        <div className={styles.body}>
          <SkeletonLines count={6} />
        </div>
      )}
      {!runId && (
        <FileStep
          tables={tables}
          table={table}
          busy={actions.busy}
          onTable={onTable}
          onOpen={onRun}
          onFile={async (file) => {
            const started = await actions.upload(table.key, file)
            if (started) onRun(started.id)
          }}
        />
      )}
      {run && step === 1 && (
        <MapStep
          key={run.id}
          run={run}
          table={target}
          tables={tables}
          busy={actions.busy}
          onBack={again}
          onCompare={async (mapping, key) => {
            if (await actions.compare(mapping, key)) setRemap(false)
          }}
        />
      )}
      {run && step === 2 && (
        <ReviewStep
          run={run}
          table={target}
          tables={tables}
          busy={actions.busy}
          onBack={() => setRemap(true)}
          onCancel={async () => {
            if (await actions.cancel()) setRemap(true)
          }}
          onApply={() => void actions.apply()}
        />
      )}
      {run && step === 3 && (
        <ResultStep
          run={run}
          table={target}
          tables={tables}
          busy={actions.busy}
          onCancel={() => void actions.cancel()}
          onUndo={() => void actions.undo()}
          onAgain={again}
          onRemap={() => setRemap(true)}
          onLeave={onLeave}
        />
      )}
    </div>
  )
}
