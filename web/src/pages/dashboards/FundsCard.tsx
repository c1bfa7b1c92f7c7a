/** Commitments by fund: soft and hard side by side, each held against the fund's target. */
import { useCallback, useMemo } from 'react'
import { Link } from 'wouter'
import type { Commitments } from '../../api/dashboards'
import { paths } from '../paths'
import { Chart, type Mark } from './Chart'
import styles from './Dashboards.module.css'
import { drillPath, isEmpty } from './drill'
import { Card, FigureTable } from './Figures'
import { amounts, names, type Palette, tip, tooltip, words } from './palette'
import { promisesOf } from './promises'
import { counted, money, type Sources, share, shortMoney } from './sources'
import { byFund, type FundRow } from './sums'

const SERIES = ['hard', 'soft'] as const

export function FundsCard({ data, sources }: { data: Commitments; sources: Sources }) {
  const rows = useMemo(() => byFund(data), [data])
  const promises = useMemo(() => promisesOf(data, sources.commitments), [data, sources])
  const target = sources.funds.field('target')
  const { amount } = promises
  // Amounts of two currencies cannot be held against each other.
  const comparable = amount.options.code === target.options.code
  const told = (row: FundRow, state: 'soft' | 'hard') =>
    [money(row[state].amount, amount), counted(row[state].count, 'commitment')].join(', ')
  const held = useCallback(
    (row: FundRow, state: 'soft' | 'hard') =>
      [money(row[state].amount, amount), comparable ? share(row[state].amount, row.target) : '']
        .filter(Boolean)
        .join(' · '),
    [amount, comparable],
  )
  const targetPath = (row: FundRow) =>
    row.id !== null && row.target !== null ? paths.record(sources.funds.table.key, row.id) : undefined
  const marks = rows.flatMap((row, at): Mark[] => {
    const goal = targetPath(row)
    return [
      ...SERIES.map((state, series) => ({
        ...{ series, at, href: promises.path(state, row.id), text: `${row.name}, ${state}: ${told(row, state)}` },
      })),
      ...(goal && comparable
        ? [{ series: 2, at, href: goal, text: `${row.name}, target: ${money(row.target ?? 0, target)}` }]
        : []),
    ]
  })
  const draw = useCallback(
    (palette: Palette, narrow: boolean) => {
      const bar = (state: 'soft' | 'hard') => ({
        ...{ type: 'bar', name: state, barMaxWidth: 18, barGap: '20%', cursor: 'pointer', barMinHeight: 2 },
        data: rows.map((row) => row[state].amount || null),
        label: {
          ...{ show: true, position: 'right', ...words(palette.text2), fontSize: 11 },
          formatter: ({ value }: { value: number }) => (value > 0 ? shortMoney(value, amount) : ''),
        },
        itemStyle:
          state === 'hard'
            ? { color: palette.accent, borderRadius: 3 }
            : { color: palette.soft, borderColor: palette.accent, borderWidth: 1.25, borderRadius: 3 },
        emphasis: { itemStyle: { shadowBlur: 0, opacity: 0.85 } },
      })
      return {
        grid: { left: 0, right: 56, top: 4, bottom: 0, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
        tooltip: tooltip(({ dataIndex }) => {
          const row = rows[dataIndex]
          if (!row) return ''
          const lines = SERIES.map((state) => ({
            name: state === 'hard' ? 'Hard' : 'Soft',
            value: held(row, state),
          }))
          return tip(row.name, [
            ...lines,
            ...(row.target === null ? [] : [{ name: 'Target', value: money(row.target, target) }]),
          ])
        }),
        xAxis: amounts(palette, (value) => shortMoney(value, amount), { splitNumber: narrow ? 2 : 4 }),
        yAxis: names(
          palette,
          rows.map(({ name }) => name),
          {
            inverse: true,
            axisLabel: { ...words(palette.text2), width: narrow ? 84 : 132, overflow: 'break', lineHeight: 15 },
          },
        ),
        series: [
          ...SERIES.map(bar),
          {
            ...{ type: 'scatter', name: 'target', symbol: 'rect', symbolSize: [3, 48], cursor: 'pointer', z: 5 },
            data: comparable ? rows.map((row) => row.target ?? '-') : [],
            itemStyle: { color: palette.target },
          },
        ],
      }
    },
    [rows, amount, target, comparable, held],
  )
  return (
    <Card
      title="Commitments by fund"
      about="Hard is committed, signed or funded; soft is soft circled. They are not added up."
      chart={
        <>
          <p className={styles.legend} aria-hidden="true">
            <span data-key="hard">Hard</span>
            <span data-key="soft">Soft</span>
            {comparable && <span data-key="target">Target</span>}
          </p>
          <Chart label="Commitments by fund" height={Math.max(120, 36 + rows.length * 68)} marks={marks} draw={draw} />
        </>
      }
      table={
        <FigureTable
          label="Commitments by fund"
          first="Fund"
          columns={['Hard', 'Soft', 'Target']}
          rows={rows.map((row) => ({
            key: row.id ?? 'none',
            name: row.name,
            figures: [
              { text: held(row, 'hard'), href: promises.path('hard', row.id) },
              { text: held(row, 'soft'), href: promises.path('soft', row.id) },
              { text: row.target === null ? '–' : money(row.target, target), href: targetPath(row) },
            ],
          }))}
        />
      }
      foot={
        <>
          {!comparable && <p>Targets are in another currency than commitments, so they are not compared.</p>}
          {data.of_deleted_investors > 0 && (
            <p>
              <Link href={drillPath(sources.commitments.table, [isEmpty(sources.commitments.field('investor'))])}>
                {counted(data.of_deleted_investors, 'commitment')} of deleted investors
              </Link>{' '}
              {data.of_deleted_investors === 1 ? 'is' : 'are'} not counted, but the table still lists them.
            </p>
          )}
        </>
      }
    />
  )
}
