/** Investors who were spoken to and then not for a while, unless they passed or lie in the graveyard. */
import { Snowflake } from 'lucide-react'
import { useCallback, useMemo } from 'react'
import { Link } from 'wouter'
import type { Pipeline } from '../../api/dashboards'
import { useUsers } from '../../api/queries'
import type { AggregateAnswer, Filter } from '../../api/types'
import type { ListedRecord } from '../../store/useList'
import { Avatar } from '../../ui/Avatar'
import { EmptyState } from '../../ui/Feedback'
import { Pill } from '../../ui/Pill'
import { Segments } from '../../ui/Segments'
import { paths } from '../paths'
import { Chart, type Mark } from './Chart'
import styles from './Dashboards.module.css'
import { drillPath, isEmpty, isNone, noOlderThan, olderThan } from './drill'
import { Card, FigureTable } from './Figures'
import { names, type Palette, tip, tooltip, words } from './palette'
import { choiceOf, counted, type Source, shortMoney } from './sources'
import { bySilence, daysBetween } from './sums'

export const THRESHOLDS = [30, 60, 90, 180] as const
export type Threshold = (typeof THRESHOLDS)[number]
export const SHOWN = 12

/** Those that somebody still pursues. */
export function pursued(data: Pipeline, investors: Source): Filter[] {
  const out = [
    [investors.field('stage'), data.passed],
    [investors.field('list'), data.graveyard],
  ] as const
  return out.flatMap(([field, options]) => (options.length > 0 ? [isNone(field, options)] : []))
}

interface ColdProps {
  data: Pipeline
  investors: Source
  /** How many were last spoken to on each day. */
  days: AggregateAnswer['groups']
  /** Those that waited longest. */
  records: readonly ListedRecord[]
  total: number
  today: string
  threshold: Threshold
  onThreshold: (days: Threshold) => void
}

export function ColdCard({ data, investors, days, records, total, today, threshold, onThreshold }: ColdProps) {
  const last = investors.field('last_contact')
  const alive = useMemo(() => pursued(data, investors), [data, investors])
  const parts = useMemo(() => bySilence(days, today, threshold), [days, today, threshold])
  const never = days.find(({ key }) => key[0] === null)?.count ?? 0
  const pathOf = (over: number, most: number | undefined) =>
    drillPath(
      investors.table,
      [...alive, olderThan(last, over), ...(most === undefined ? [] : [noOlderThan(last, most)])],
      { by: last, desc: false },
    )
  const marks = parts.map(({ label, over, most, count }, at): Mark => {
    return { series: 0, at, text: `${label}: ${counted(count, 'investor')}`, href: pathOf(over, most) }
  })
  const draw = useCallback(
    (palette: Palette) => ({
      grid: { left: 0, right: 0, top: 18, bottom: 22 },
      tooltip: tooltip(({ dataIndex }) => {
        const part = parts[dataIndex]
        return part ? tip(part.label, [{ name: 'Investors', value: String(part.count) }]) : ''
      }),
      xAxis: names(
        palette,
        parts.map(({ label }) => label.replace(' days', ' d')),
        { axisLabel: { ...words(palette.text2), fontSize: 11, interval: 0 } },
      ),
      yAxis: { type: 'value', show: false },
      series: [
        {
          ...{ type: 'bar', barMaxWidth: 56, cursor: 'pointer' },
          data: parts.map(({ count }, at) => ({
            value: count,
            itemStyle: { opacity: 0.5 + (0.5 * (at + 1)) / parts.length },
          })),
          itemStyle: { color: palette.warm, borderRadius: [4, 4, 2, 2] },
          label: { show: true, position: 'top', ...words(palette.text) },
        },
      ],
    }),
    [parts],
  )
  return (
    <Card
      wide
      title="Going cold"
      about={`Nobody spoke to them for more than ${threshold} days. Who passed and the graveyard are left out.`}
      tools={
        <Segments
          label="Days since the last contact"
          value={String(threshold)}
          onChange={(next) => onThreshold(Number(next) as Threshold)}
          options={THRESHOLDS.map((one) => ({ value: String(one), label: `${one} days` }))}
        />
      }
      chart={
        total === 0 ? (
          <EmptyState
            icon={<Snowflake size={20} />}
            title="Nobody is going cold"
            text={`Everybody with a last contact was spoken to in the past ${threshold} days.`}
          />
        ) : (
          <div className={styles.cold}>
            <Chart label="Investors by days of silence" height={180} marks={marks} draw={draw} />
            <ColdList {...{ records, investors, today }} />
          </div>
        )
      }
      table={
        <FigureTable
          label="Investors by days of silence"
          first="Since the last contact"
          columns={['Investors']}
          rows={parts.map(({ label, over, most, count }) => ({
            ...{ key: label, name: label, figures: [{ text: String(count), href: pathOf(over, most) }] },
          }))}
        />
      }
      foot={
        <>
          {total > 0 && (
            <p>
              <Link href={pathOf(threshold, undefined)}>
                {total === 1 ? 'Open the 1 investor' : `Open all ${total.toLocaleString('en-US')} investors`}
              </Link>
            </p>
          )}
          {never > 0 && (
            <p>
              <Link href={drillPath(investors.table, [...alive, isEmpty(last)])}>
                {counted(never, 'investor')} without a last contact
              </Link>{' '}
              {never === 1 ? 'is' : 'are'} not counted here
            </p>
          )}
        </>
      }
    />
  )
}

/** The longest silences, each leading to its record. */
function ColdList({ records, investors, today }: Pick<ColdProps, 'records' | 'investors' | 'today'>) {
  const { data: users } = useUsers()
  const field = (key: string) => investors.field(key)
  return (
    <ul className={styles.people} aria-label="Longest without contact">
      {records.map((record) => {
        const day = record.cell(field('last_contact').id)
        const owner = users?.find(({ id }) => id === record.cell(field('owner').id))
        const stage = choiceOf(field('stage'), record.cell(field('stage').id) as string | null)
        const size = record.cell(field('check_size').id)
        const name = record.cell(field('name').id)
        return (
          <li key={record.id}>
            <Link href={paths.record(investors.table.key, record.id)}>
              {typeof name === 'string' ? name : 'Unnamed investor'}
            </Link>
            {stage && <Pill name={stage.name} color={stage.color} />}
            <span className={styles.size}>{typeof size === 'number' ? shortMoney(size, field('check_size')) : ''}</span>
            {owner && <Avatar id={owner.id} name={owner.name} size={20} />}
            <span className={styles.days}>
              {typeof day === 'string' ? counted(daysBetween(day, today), 'day') : ''}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
