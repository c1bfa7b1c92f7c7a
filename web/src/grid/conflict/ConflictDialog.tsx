/** Two people wrote the same cell: shows both values, who and when, and lets the person pick cell by cell. */
import { type ReactNode, useState } from 'react'
import type { CellConflict } from '../../api/types'
import { FieldValue } from '../../record/FieldValue'
import { timeAgo } from '../../record/timeAgo'
import { type CellPlace, cellKey, updatedCells } from '../../store/ops'
import type { Conflict } from '../../store/saveQueue'
import { useWorkspaceState } from '../../store/useWorkspace'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Segments } from '../../ui/Segments'
import type { GridModel } from '../model'
import styles from './Conflict.module.css'

export function ConflictDialog({ model }: { model: GridModel }) {
  const { conflict, conflictShown } = useWorkspaceState(model.workspace)
  return conflict ? <Decision key={conflict.set.key} model={model} conflict={conflict} open={conflictShown} /> : null
}

type Side = 'theirs' | 'mine'

function Decision({ model, conflict, open }: { model: GridModel; conflict: Conflict; open: boolean }) {
  const cells = conflict.problem.conflicts ?? []
  const more = moreCells(conflict)
  const count = cells.length + more.length
  const [sides, setSides] = useState<Readonly<Record<string, Side>>>({})
  const [moreSide, setMoreSide] = useState<Side>('theirs')
  const { workspace } = model
  const sideOf = ({ record, field }: CellConflict): Side => sides[cellKey(record, field)] ?? 'theirs'
  const all = (side: Side) => {
    setSides(Object.fromEntries(cells.map(({ record, field }) => [cellKey(record, field), side])))
    setMoreSide(side)
  }
  const save = () => {
    const theirs: CellPlace[] = cells.filter((cell) => sideOf(cell) === 'theirs')
    workspace.resolveConflict(moreSide === 'theirs' ? [...theirs, ...more] : theirs)
  }
  const others = updatedCells(conflict.set.ops).reduce((sum, one) => sum + Object.keys(one.cells).length, 0) - count
  const by = conflict.problem.updated_by?.name ?? 'Someone else'
  return (
    <Dialog
      open={open}
      onClose={() => workspace.showConflict(false)}
      size="large"
      title={count === 1 ? 'This cell was changed meanwhile' : `${count.toLocaleString()} cells were changed meanwhile`}
      text={`${by} saved ${count === 1 ? 'another value' : 'other values'} after you had begun. Nothing of yours is lost: choose what stays.${
        others > 0
          ? ` Your other ${others.toLocaleString()} ${others === 1 ? 'edit is' : 'edits are'} saved either way.`
          : ''
      }`}
      foot={
        <>
          <Button onClick={() => workspace.showConflict(false)}>Decide later</Button>
          {cells.length > 1 && <Button onClick={() => all('theirs')}>All theirs</Button>}
          {cells.length > 1 && <Button onClick={() => all('mine')}>All mine</Button>}
          <Button variant="primary" onClick={save}>
            Save this choice
          </Button>
        </>
      }
    >
      <div className={styles.cells}>
        {cells.map((cell) => (
          <ConflictRow
            key={cellKey(cell.record, cell.field)}
            model={model}
            cell={cell}
            side={sideOf(cell)}
            onSide={(side) => setSides({ ...sides, [cellKey(cell.record, cell.field)]: side })}
          />
        ))}
        {more.length > 0 && (
          <section className={styles.cell} aria-label="The other cells">
            <h3>
              {more.length.toLocaleString()} more {more.length === 1 ? 'cell' : 'cells'}{' '}
              <span>· not listed one by one</span>
            </h3>
            <SideChoice label="Which values of the other cells stay" side={moreSide} onSide={setMoreSide} />
          </section>
        )}
      </div>
    </Dialog>
  )
}

/** The cells that the server names without their values, because there are so many. */
function moreCells({ problem }: Conflict): CellPlace[] {
  return Object.entries(problem.more_conflicts ?? {}).flatMap(([record, fields]) =>
    fields.map((field) => ({ record, field })),
  )
}

function SideChoice({ label, side, onSide }: { label: string; side: Side; onSide: (side: Side) => void }) {
  return (
    <Segments
      label={label}
      value={side}
      onChange={onSide}
      options={[
        { value: 'theirs', label: 'Keep theirs' },
        { value: 'mine', label: 'Use mine' },
      ]}
    />
  )
}

interface ConflictRowProps {
  model: GridModel
  cell: CellConflict
  side: Side
  onSide: (side: Side) => void
}

function ConflictRow({ model, cell, side, onSide }: ConflictRowProps) {
  const table = model.setting.tables.find((one) => one.id === cell.table)
  const field = table?.fields.find((one) => one.id === cell.field)
  if (!table || !field) return null
  const context = model.context(field)
  const name = String(
    model.rows.cellOf(cell.record, table.primary_field) ?? model.workspace.names.get(cell.record) ?? 'Record',
  )
  const who = cell.updated_by?.name ?? 'Someone else'
  return (
    <section className={styles.cell} aria-label={`${name}, ${field.name}`}>
      <h3>
        {name} <span>· {field.name}</span>
      </h3>
      <div className={styles.values}>
        <Value who={`${who}, ${timeAgo(cell.updated_at)}`} chosen={side === 'theirs'} choose={() => onSide('theirs')}>
          <FieldValue value={cell.theirs} context={context} />
        </Value>
        <Value who="You" chosen={side === 'mine'} choose={() => onSide('mine')}>
          <FieldValue value={cell.yours} context={context} />
        </Value>
      </div>
      <SideChoice label={`Which value of ${field.name} stays`} side={side} onSide={onSide} />
    </section>
  )
}

interface ValueProps {
  who: string
  chosen: boolean
  choose: () => void
  children: ReactNode
}

/** One of the two values; a press on it chooses it, unless its text was being marked. */
function Value({ who, chosen, choose, children }: ValueProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: the choice below is the one for keys
    <div
      className={styles.value}
      data-chosen={chosen || undefined}
      onClick={() => window.getSelection()?.isCollapsed !== false && choose()}
    >
      <span className={styles.who}>{who}</span>
      {children}
    </div>
  )
}
