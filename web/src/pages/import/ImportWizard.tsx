/** Four steps from a CSV file to records: file, columns, review, done. Nothing is written before "Import". */
import { Check } from 'lucide-react'
import { useState } from 'react'
import type { ImportRun, Table, TableId, Target } from '../../api/types'
import { cx } from '../../ui/classes'
import { Notice, SkeletonLines } from '../../ui/Feedback'
import { FileStep } from './FileStep'
import styles from './Import.module.css'
import { MapStep } from './MapStep'
import { findTable, type KeyChoice } from './mapping'
import { changeTables, fitting, makeTableFor, NEW_TABLE, takeBack } from './newTable'
import { ResultStep } from './ResultStep'
import { ReviewStep } from './ReviewStep'
import { useImportRun } from './useImportRun'

interface ImportWizardProps {
  tables: Table[]
  /** Undefined: a new one is made for the file. */
  table: Table | undefined
  runId: string | null
  /** The table was made for this file. */
  made: boolean
  onTable: (key: string) => void
  onRun: (id: string | null) => void
  onMade: (table: TableId, run: string) => void
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

export function ImportWizard(props: ImportWizardProps) {
  const { tables, table, runId, made, onTable, onRun, onMade, onLeave, compact } = props
  const actions = useImportRun(runId)
  const [remap, setRemap] = useState(false)
  const run = runId ? actions.run : undefined
  const target = (run && findTable(tables, run.table)) ?? table ?? tables[0]
  const step = stepOf(run, remap)
  // Until it is through, an import stands at the review.
  const shown = step === 3 && run?.status !== 'applied' && run?.status !== 'undone' ? 2 : step

  function again() {
    setRemap(false)
    actions.forgetProblem()
    onRun(null)
  }

  /** Reads the file into the table on show, or into one made for it. */
  async function take(file: File) {
    if (table) {
      const started = await actions.upload(table.key, file)
      if (started) onRun(started.id)
      return
    }
    const fresh = await actions.trying(() => makeTableFor(file.name, tables))
    if (!fresh) return
    const started = await actions.upload(fresh, file)
    if (started) onMade(fresh, started.id)
    else await takeBack(fresh)
  }

  /** Back to the choice of a file; a table made for this one goes with it. */
  async function dropFile() {
    again()
    if (!made || !target) return
    onTable(NEW_TABLE)
    await actions.trying(() => takeBack(target.id))
  }

  async function compare(mapping: Target[], key: KeyChoice, name: string) {
    if (made && run && target) {
      const ops = fitting(target, name, mapping, run.columns)
      if ((await actions.trying(async () => (await changeTables(ops)) ?? true)) === undefined) return
    }
    if (await actions.compare(mapping, key)) setRemap(false)
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
          onFile={(file) => void take(file)}
        />
      )}
      {run && target && step === 1 && (
        <MapStep
          key={run.id}
          run={run}
          table={target}
          tables={tables}
          busy={actions.busy}
          made={made}
          onBack={() => void (made ? dropFile() : again())}
          onCompare={(mapping, key, name) => void compare(mapping, key, name)}
        />
      )}
      {run && target && step === 2 && (
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
      {run && target && step === 3 && (
        <ResultStep
          run={run}
          table={target}
          tables={tables}
          busy={actions.busy}
          onCancel={() => void actions.cancel()}
          onUndo={async () => {
            if ((await actions.undo()) && made) await actions.trying(() => takeBack(target.id))
          }}
          onAgain={again}
          onRemap={() => setRemap(true)}
          onLeave={onLeave}
        />
      )}
    </div>
  )
}
