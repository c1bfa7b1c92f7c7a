/** How soft and hard commitments grow towards the target, month by month or closing by closing. */
import { useCallback, useMemo, useState } from 'react'
import { Link } from 'wouter'
import type { Commitments, Firmness } from '../../api/dashboards'
import type { RecordId } from '../../api/types'
import { Segments } from '../../ui/Segments'
import { Select } from '../../ui/Select'
import { Chart, type Mark } from './Chart'
import { drawSteps } from './closingsDrawing'
import styles from './Dashboards.module.css'
import { Card, FigureTable } from './Figures'
import type { Palette } from './palette'
import { promisesOf } from './promises'
import { counted, money, type Sources, share } from './sources'
import { byClosing, byMonth, ofFund, type Step } from './sums'

type Scale = 'month' | 'closing'
const STATES: readonly Firmness[] = ['hard', 'soft']
const ALL = 'all' as const

/** The chosen fund; unless one was chosen, the only one that anybody promised something to. */
function shownFund(data: Commitments, chosen: RecordId | typeof ALL | undefined): RecordId | undefined {
  if (chosen === ALL || data.funds.some(({ id }) => id === chosen)) return chosen === ALL ? undefined : chosen
  const [first, ...others] = new Set(data.promised.map(({ fund }) => fund))
  return others.length === 0 ? (first ?? undefined) : undefined
}

export function ClosingsCard({ data, sources, today }: { data: Commitments; sources: Sources; today: string }) {
  const [scale, setScale] = useState<Scale>('month')
  const [chosen, setFund] = useState<RecordId | typeof ALL>()
  const fund = useMemo(() => shownFund(data, chosen), [data, chosen])
  const { rows, target } = useMemo(() => ofFund(data, fund), [data, fund])
  const promises = useMemo(() => promisesOf(data, sources.commitments), [data, sources])
  const { amount } = promises
  const goal = sources.funds.field('target').options.code === amount.options.code ? target : null
  const closings = sources.commitments.field('closing').options.choices
  const { steps, undated } = useMemo(
    () => (scale === 'month' ? byMonth(rows, today) : byClosing(rows, closings ?? [])),
    [scale, rows, today, closings],
  )
  const path = (state: Firmness, step: Step) =>
    promises.path(
      state,
      fund,
      scale === 'month' ? promises.on(state, step.from, step.before) : promises.inClosing(step.key),
    )
  const pathSoFar = (state: Firmness, step: Step) =>
    scale === 'month'
      ? promises.path(state, fund, promises.on(state, steps[0]?.from, step.before))
      : promises.path(state, fund, promises.inClosings(steps.slice(0, steps.indexOf(step) + 1).map(({ key }) => key)))
  const marks = STATES.flatMap((state, series): Mark[] =>
    steps.flatMap((step, at) =>
      step[state].count === 0
        ? []
        : [
            {
              ...{ series, at, href: path(state, step) },
              text: `${step.label}, ${state}: ${money(step[state].amount, amount)}, so far ${money(step.soFar[state], amount)}`,
            },
          ],
    ),
  )
  const draw = useCallback(
    (palette: Palette, narrow: boolean) => drawSteps(palette, narrow, steps, amount, goal),
    [steps, amount, goal],
  )
  const noPlace = scale === 'month' ? 'without a date' : 'without a closing'
  const noPlacePath = (state: Firmness) =>
    promises.path(state, fund, scale === 'month' ? promises.undated(state) : promises.inClosing(null))
  return (
    <Card
      wide
      title="Closings over time"
      about={
        scale === 'month'
          ? 'Hard by the day signed, soft by the day soft circled; below each month, above all so far, each by itself.'
          : 'Hard and soft by closing; below each closing, above all so far, each by itself.'
      }
      tools={
        <>
          <Select
            label="Fund"
            size="small"
            value={fund ?? ALL}
            onChange={setFund}
            options={[
              { value: ALL, label: 'All funds' },
              ...data.funds.map(({ id, name }) => ({ value: id, label: name || 'Unnamed fund' })),
            ]}
          />
          <Segments
            label="Steps"
            value={scale}
            onChange={setScale}
            options={[
              { value: 'month', label: 'Months' },
              { value: 'closing', label: 'Closings' },
            ]}
          />
        </>
      }
      chart={
        marks.length === 0 ? (
          <p className={styles.none}>
            {scale === 'month'
              ? 'No commitment has a day yet: fill in Signed on or Soft circled on.'
              : 'No commitment has a closing yet: choose one in the field Closing.'}{' '}
            <Link href={promises.path('hard', fund)}>Open the hard commitments</Link>
          </p>
        ) : (
          <>
            <p className={styles.legend} aria-hidden="true">
              <span data-key="hard">Hard</span>
              <span data-key="soft">Soft</span>
              {goal !== null && <span data-key="target">Target {money(goal, amount)}</span>}
            </p>
            <Chart label="Closings over time" height={320} marks={marks} draw={draw} />
          </>
        )
      }
      table={
        <FigureTable
          label="Closings over time"
          first={scale === 'month' ? 'Month' : 'Closing'}
          columns={['Hard', 'Hard so far', 'Hard of target', 'Soft', 'Soft so far']}
          rows={steps.map((step) => ({
            key: step.key,
            name: step.label,
            figures: [
              { text: money(step.hard.amount, amount), href: path('hard', step) },
              { text: money(step.soFar.hard, amount), href: pathSoFar('hard', step) },
              { text: share(step.soFar.hard, goal) || '–' },
              { text: money(step.soft.amount, amount), href: path('soft', step) },
              { text: money(step.soFar.soft, amount), href: pathSoFar('soft', step) },
            ],
          }))}
        />
      }
      foot={STATES.filter((state) => undated[state].count > 0).map((state) => (
        <p key={state}>
          <Link href={noPlacePath(state)}>
            {counted(undated[state].count, `${state} commitment`)} {noPlace}, {money(undated[state].amount, amount)}
          </Link>
          : not in the chart
        </p>
      ))}
    />
  )
}
