/** The pipeline: investors by stage, by number, check size or check size weighted by probability. */
import { useCallback, useMemo, useState } from 'react'
import { Link } from 'wouter'
import type { Pipeline, StageSum } from '../../api/dashboards'
import type { Filter } from '../../api/types'
import { Pill } from '../../ui/Pill'
import { Segments } from '../../ui/Segments'
import { Chart, type Mark } from './Chart'
import { drillPath, isEmpty, isFilled, isOption } from './drill'
import { Card, FigureTable } from './Figures'
import { amounts, names, type Palette, tip, tooltip, words } from './palette'
import { choiceOf, counted, money, type Source, shortMoney } from './sources'

type Measure = 'count' | 'check_size' | 'weighted'

interface Row extends StageSum {
  readonly name: string
  readonly color: string
  readonly hrefs: Record<Measure, string>
}

function rowsOf(data: Pipeline, investors: Source): Row[] {
  const [stage, size, likely] = [
    investors.field('stage'),
    investors.field('check_size'),
    investors.field('probability'),
  ]
  return data.stages.map((sum) => {
    const here = isOption(stage, sum.stage)
    const by = (...more: Filter[]) => drillPath(investors.table, [here, ...more], { by: size, total: size })
    const choice = choiceOf(stage, sum.stage)
    return {
      ...sum,
      name: choice?.name ?? 'No stage',
      color: choice?.color ?? 'gray',
      hrefs: {
        count: drillPath(investors.table, [here]),
        check_size: by(isFilled(size)),
        weighted: by(isFilled(size), isFilled(likely)),
      },
    }
  })
}

export function FunnelCard({ data, investors }: { data: Pipeline; investors: Source }) {
  const [measure, setMeasure] = useState<Measure>('count')
  const rows = useMemo(() => rowsOf(data, investors), [data, investors])
  const size = investors.field('check_size')
  const told = useCallback(
    (row: Row) => (measure === 'count' ? String(row.count) : shortMoney(row[measure], size)),
    [measure, size],
  )
  const marks = rows.map((row, at): Mark => {
    const what = measure === 'count' ? counted(row.count, 'investor') : money(row[measure], size)
    return { series: 0, at, text: `${row.name}: ${what}`, href: row.hrefs[measure] }
  })
  const draw = useCallback(
    (palette: Palette, narrow: boolean) => ({
      grid: { left: 0, right: 64, top: 0, bottom: 0, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      tooltip: tooltip(({ dataIndex }) => {
        const row = rows[dataIndex]
        return row
          ? tip(row.name, [
              { name: 'Investors', value: String(row.count) },
              { name: 'Check size', value: money(row.check_size, size) },
              { name: 'Weighted', value: money(row.weighted, size) },
            ])
          : ''
      }),
      xAxis: { ...amounts(palette, String), show: false },
      yAxis: names(
        palette,
        rows.map(({ name }) => name),
        { inverse: true, axisLabel: { ...words(palette.text2), width: narrow ? 96 : 140, overflow: 'truncate' } },
      ),
      series: [
        {
          type: 'bar',
          barMaxWidth: 22,
          cursor: 'pointer',
          label: {
            ...{ show: true, position: 'right', ...words(palette.text) },
            formatter: ({ dataIndex }: { dataIndex: number }) => (rows[dataIndex] ? told(rows[dataIndex]) : ''),
          },
          data: rows.map((row) => ({
            value: row[measure],
            itemStyle: { color: palette.option(row.color), opacity: 0.82, borderRadius: [2, 4, 4, 2] },
          })),
          emphasis: { itemStyle: { opacity: 1 } },
        },
      ],
    }),
    [rows, measure, size, told],
  )
  const unsaid = rows.reduce((sum, row) => sum + row.without_probability, 0)
  const likely = investors.field('probability')
  const silent = drillPath(investors.table, [isFilled(size), isEmpty(likely)], { by: size, total: size })
  return (
    <Card
      title="Pipeline"
      about="Investors by stage. Weighted is check size times probability."
      tools={
        <Segments
          label="What the bars show"
          value={measure}
          onChange={setMeasure}
          options={[
            { value: 'count', label: 'Investors' },
            { value: 'check_size', label: 'Check size' },
            { value: 'weighted', label: 'Weighted' },
          ]}
        />
      }
      chart={<Chart label="Investors by stage" height={Math.max(96, rows.length * 32)} marks={marks} draw={draw} />}
      table={
        <FigureTable
          label="Investors by stage"
          first="Stage"
          columns={['Investors', 'Check size', 'Weighted']}
          rows={rows.map((row) => ({
            key: row.stage ?? 'none',
            name: <Pill name={row.name} color={row.color} />,
            figures: [
              { text: row.count.toLocaleString('en-US'), href: row.hrefs.count },
              { text: money(row.check_size, size), href: row.hrefs.check_size },
              { text: money(row.weighted, size), href: row.hrefs.weighted },
            ],
          }))}
        />
      }
      foot={
        unsaid > 0 ? (
          <Link href={silent}>
            {counted(unsaid, 'check size')} without a probability {unsaid === 1 ? 'is' : 'are'} not in the weighted sums
          </Link>
        ) : undefined
      }
    />
  )
}
