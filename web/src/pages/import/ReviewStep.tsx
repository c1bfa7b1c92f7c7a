/** Step three: every cell that would change, before anything is written. */
import { Tabs } from '@base-ui/react/tabs'
import { useState } from 'react'
import type { ImportRun, Outcome, Table } from '../../api/types'
import { Button } from '../../ui/Button'
import { cx } from '../../ui/classes'
import { Progress } from '../../ui/Feedback'
import { DiffTable } from './DiffTable'
import { ErrorList } from './ErrorList'
import styles from './Import.module.css'

interface ReviewStepProps {
  run: ImportRun
  table: Table
  tables: Table[]
  busy: boolean
  onBack: () => void
  onCancel: () => void
  onApply: () => void
}

interface Tab {
  outcome: Outcome
  label: string
  count: number
}

export function outcomeTabs({ counts }: Pick<ImportRun, 'counts'>): Tab[] {
  return [
    { outcome: 'create', label: 'New', count: counts.created },
    { outcome: 'update', label: 'Changed', count: counts.updated },
    { outcome: 'unchanged', label: 'Unchanged', count: counts.unchanged },
    { outcome: 'conflict', label: 'Conflicts', count: counts.conflicts },
    { outcome: 'error', label: 'Errors', count: counts.errors },
  ]
}

export function ReviewStep({ run, table, tables, busy, onBack, onCancel, onApply }: ReviewStepProps) {
  const tabs = outcomeTabs(run)
  const [picked, setPicked] = useState<Outcome | null>(null)
  if (run.status === 'comparing') return <Working run={run} verb="Comparing" busy={busy} onCancel={onCancel} />
  const outcome =
    picked ?? (tabs.find((tab) => tab.outcome !== 'unchanged' && tab.count > 0) ?? tabs[0])?.outcome ?? 'create'
  // A row in conflict is imported without the cells that disagree; it may be a new record.
  const writes = run.counts.created + run.counts.updated + run.counts.conflicts

  return (
    <>
      <Tabs.Root className={styles.review} value={outcome} onValueChange={(value) => setPicked(value as Outcome)}>
        <Tabs.List className={styles.outcomes} aria-label="What would happen" activateOnFocus>
          {tabs.map((tab) => (
            <Tabs.Tab
              key={tab.outcome}
              value={tab.outcome}
              className={cx(styles.outcome, styles[tab.outcome])}
              disabled={tab.count === 0}
            >
              <span className={styles.number}>{tab.count.toLocaleString()}</span>
              <span>{tab.label}</span>
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel className={styles.panel} value={outcome} key={outcome}>
          {outcome === 'error' ? (
            <ErrorList runId={run.id} total={run.counts.errors} />
          ) : (
            <DiffTable run={run} outcome={outcome} table={table} tables={tables} />
          )}
        </Tabs.Panel>
      </Tabs.Root>
      <footer className={styles.foot}>
        <Button onClick={onBack}>Back to columns</Button>
        <span className={styles.footText}>
          {[left(run.counts.errors, 'left out'), left(run.counts.conflicts, 'imported without the cells that disagree')]
            .filter(Boolean)
            .join(' · ') || 'You can undo the whole import afterwards'}
        </span>
        <Button variant="primary" busy={busy} disabled={writes === 0} onClick={onApply}>
          {writes === 0 ? 'Nothing to import' : `Import ${writes.toLocaleString()} ${writes === 1 ? 'row' : 'rows'}`}
        </Button>
      </footer>
    </>
  )
}

/** For example `2 rows are left out`; nothing for none. */
function left(count: number, how: string): string {
  return count > 0 ? `${count.toLocaleString()} ${count === 1 ? 'row is' : 'rows are'} ${how}` : ''
}

interface WorkingProps {
  run: ImportRun
  verb: string
  busy: boolean
  onCancel: () => void
}

/** A long step: how far it is, and a way out. */
export function Working({ run, verb, busy, onCancel }: WorkingProps) {
  const { done, total } = run.progress
  return (
    <div className={styles.body}>
      <div className={styles.working} role="status">
        <h2>{verb}…</h2>
        <Progress done={done} total={total} label={verb} />
        <p className={styles.quiet}>
          {total > 0
            ? `${done.toLocaleString()} of ${total.toLocaleString()} rows`
            : `${run.rows.toLocaleString()} rows`}{' '}
          of {run.filename}
        </p>
        <Button onClick={onCancel} busy={busy}>
          Cancel
        </Button>
      </div>
    </div>
  )
}
