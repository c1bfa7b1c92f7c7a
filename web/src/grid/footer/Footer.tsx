/** Under the grid: how many records, a total under each column, and what the selected cells come to. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { api } from '../../api/client'
import type { Aggregate, AggregateAnswer, Field, ViewConfig } from '../../api/types'
import type { RowQuery } from '../../store/rowQuery'
import { Menu, MenuRadio } from '../../ui/Menu'
import { MOST_ROWS } from '../clipboard/copy'
import { frozenOf } from '../columns'
import type { GridModel, Setting } from '../model'
import { GUTTER } from '../surface/gutter'
import type { SurfaceColumn } from '../surface/types'
import type { GridControl } from '../useGridControl'
import { useStamp } from '../useStamp'
import { aggregatesOf, aggregateWord, showAggregate, totalOf, wantedTotals } from './aggregates'
import styles from './Footer.module.css'
import { MOST, missing, summary } from './summary'

interface FooterProps {
  model: GridModel
  setting: Setting
  config: ViewConfig
  columns: readonly SurfaceColumn[]
  query: RowQuery
  control: GridControl
  onConfig: (patch: ViewConfig) => void
}

export function Footer({ model, setting, config, columns, query, control, onConfig }: FooterProps) {
  const { totals: kept } = config
  const wanted = useMemo(() => wantedTotals(setting.fields, setting.table, kept), [setting.fields, setting.table, kept])
  const totals = useTotals(model, query, wanted)
  const summed = useSummary(model, control)
  const total = control.total === undefined ? undefined : model.rows.total
  const one = setting.table.name_one.toLowerCase()
  const many = setting.table.name.toLowerCase()

  const frozen = frozenOf(config, columns.length)
  const lefts = positions(columns, frozen, control.region)
  const head = GUTTER + (frozen ? (columns[0]?.width ?? 0) : 0)
  return (
    <div className={styles.footer} role="group" aria-label="Totals">
      <div className={styles.count} style={{ width: head }}>
        {total === undefined ? '' : `${total.toLocaleString('en-US')} ${total === 1 ? one : many}`}
      </div>
      <div className={styles.track}>
        {setting.fields.map((field, index) => {
          const place = lefts[index]
          if (!place || index === 0) return null
          return (
            <Total
              key={field.id}
              field={field}
              left={place.left - head}
              width={columns[index]?.width ?? 0}
              front={index < frozen}
              aggregate={totalOf(field, setting.table, kept)}
              value={totals?.[field.id]}
              model={model}
              onChange={(next) => onConfig({ totals: { ...kept, [field.id]: next } })}
            />
          )
        })}
      </div>
      {summed && (
        <div className={styles.summary} role="status">
          {summed.map(([label, value]) => (
            <span key={label}>
              <em>{label}</em> {value}
            </span>
          ))}
        </div>
      )}
    </div>
  )
}

/** What is selected comes to; records that are not here yet are read for it. */
function useSummary(model: GridModel, { selected, selection }: GridControl) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another selection asks for other records
  useEffect(() => {
    const chosen = selected()
    const size = chosen.reduce((sum, range) => sum + range.rows * range.cols, 0)
    if (size > MOST || chosen.some((range) => range.rows > MOST_ROWS) || !missing(model, chosen)) return
    // While the selection is still being dragged, nothing is read.
    const timer = setTimeout(() => {
      for (const range of chosen) void model.ensure(range.row, range.row + range.rows - 1)
    }, 300)
    return () => clearTimeout(timer)
  }, [model, selected, selection])
  return summary(model, selected())
}

interface Place {
  readonly left: number
}

/** Where each column begins in the track, as the surface has scrolled. */
function positions(columns: readonly SurfaceColumn[], frozen: number, region: { col: number; tx: number }): Place[] {
  const places: Place[] = []
  let left = GUTTER
  for (const column of columns.slice(0, frozen)) {
    places.push({ left })
    left += column.width
  }
  const scrolled = columns.slice(frozen, Math.max(frozen, region.col)).reduce((sum, column) => sum + column.width, 0)
  left += region.tx - scrolled
  for (const column of columns.slice(frozen)) {
    places.push({ left })
    left += column.width
  }
  return places
}

interface TotalProps {
  field: Field
  left: number
  width: number
  front: boolean
  aggregate: Aggregate | 'none'
  value: unknown
  model: GridModel
  onChange: (aggregate: Aggregate | 'none') => void
}

function Total({ field, left, width, front, aggregate, value, model, onChange }: TotalProps) {
  const word = aggregateWord(aggregate)
  return (
    <Menu
      label={`Total of ${field.name}`}
      side="top"
      trigger={
        <button
          type="button"
          className={styles.total}
          style={{ left, width, zIndex: front ? 1 : undefined }}
          data-off={aggregate === 'none' || undefined}
          aria-label={`${field.name}: ${word}`}
        >
          {aggregate === 'none' ? (
            <em>Summarize</em>
          ) : (
            <>
              <em>{word}</em> {showAggregate(aggregate, value, model.context(field), width - 48)}
            </>
          )}
        </button>
      }
    >
      <MenuRadio
        value={aggregate}
        onChange={onChange}
        options={aggregatesOf(field).map((one) => ({ value: one, label: aggregateWord(one) }))}
      />
    </Menu>
  )
}

/** Totals by the server, read again a moment after edits. */
function useTotals(model: GridModel, query: RowQuery, aggregates: Record<string, Aggregate>) {
  const stamp = useStamp(model)
  const table = model.setting.table.id
  const { filter, search } = query
  const { data } = useQuery({
    queryKey: ['totals', table, filter, search, aggregates, stamp],
    queryFn: ({ signal }) =>
      api.post<AggregateAnswer>(`/api/tables/${table}/aggregate`, { filter, search, aggregates }, { signal }),
    enabled: Object.keys(aggregates).length > 0,
    placeholderData: (old) => old,
    gcTime: 10_000,
  })
  return data?.totals
}
