/** What a field reads and what reads it, as a picture; a press on a field puts that one in the middle. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import { type DependenciesAnswer, formulaCalls } from '../../api/formulas'
import type { Field, Table } from '../../api/types'
import { cx } from '../../ui/classes'
import { KindIcon } from '../kinds/KindIcon'
import styles from './Asked.module.css'
import { AskedDialog } from './AskedDialog'
import { showDependencies, useAsked } from './asking'
import { BOX, picture } from './dependencies'

interface DependencyDialogProps {
  tables: readonly Table[]
  /** The table on show: its fields can be edited from here. */
  shown: Table
  onEdit: (field: Field) => void
}

export function useDependencies(table: string | undefined, field: string | undefined) {
  return useQuery({
    queryKey: ['dependencies', table, field],
    queryFn: () => formulaCalls.dependencies(table ?? '', field ?? ''),
    enabled: table !== undefined && field !== undefined,
    staleTime: 0,
  })
}

export function DependencyDialog({ tables, shown, onEdit }: DependencyDialogProps) {
  const asked = useAsked((state) => state.depending)
  const table = tables.find((one) => one.id === asked?.table)
  const field = table?.fields.find((one) => one.id === asked?.field)
  const { data, error } = useDependencies(asked?.table, asked?.field)
  if (!field || !table) return null
  return (
    <AskedDialog
      size="large"
      title={`What depends on ${field.name}?`}
      text="At the left is what it is computed from, at the right what is computed from it."
      edit={table.id === shown.id && 'Edit field'}
      onEdit={() => onEdit(field)}
      error={error}
    >
      {data && <Graph key={field.id} field={field} answer={data} tables={tables} />}
    </AskedDialog>
  )
}

function Graph({ field, answer, tables }: { field: Field; answer: DependenciesAnswer; tables: readonly Table[] }) {
  const drawn = useMemo(() => picture(asMiddle(field), answer), [field, answer])
  const box = useRef<HTMLDivElement>(null)
  const names = useMemo(
    () => new Map(tables.flatMap((table) => table.fields.map((one) => [one.id, one.name] as const))),
    [tables],
  )
  const [centre] = drawn.spots
  useEffect(() => {
    const element = box.current
    if (element && centre) element.scrollLeft = centre.x + BOX.width / 2 - element.clientWidth / 2
  }, [centre])
  const alone = answer.reads.length + answer.read_by.length === 0
  return (
    <>
      <div ref={box} className={styles.graph}>
        <div className={styles.canvas} style={{ width: drawn.width, height: drawn.height }}>
          <svg className={styles.lines} width={drawn.width} height={drawn.height} aria-hidden="true">
            {drawn.lines.map((line) => (
              <path
                key={line.key}
                d={line.path}
                className={cx(styles.line, line.through !== null && styles.crossing)}
              />
            ))}
          </svg>
          {drawn.lines.map((line) =>
            line.through === null ? null : (
              <span key={line.key} className={styles.through} style={{ left: line.x, top: line.y }}>
                {names.get(line.through) ?? 'link'}
              </span>
            ),
          )}
          {drawn.spots.map((spot, at) => (
            <button
              key={`${spot.field} ${spot.x}`}
              type="button"
              className={cx(styles.spot, at === 0 && styles.centre)}
              style={{ left: spot.x, top: spot.y, width: BOX.width, height: BOX.height }}
              aria-current={at === 0 || undefined}
              onClick={() => showDependencies(spot.table, spot.field)}
            >
              <KindIcon kind={spot.kind} size={14} />
              <span className={styles.spotName}>{spot.name}</span>
              <span className={styles.spotTable}>{tables.find((one) => one.id === spot.table)?.name}</span>
            </button>
          ))}
        </div>
      </div>
      {alone && <p className={styles.alone}>It is computed from nothing, and nothing is computed from it.</p>}
    </>
  )
}

function asMiddle({ id, table, name, kind }: Field) {
  return { field: id, table, name, kind }
}
