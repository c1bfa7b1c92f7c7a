/** Two drawings over one row of steps: all so far against the target above, what each step brought below. */
import type { Firmness } from '../../api/dashboards'
import type { Field } from '../../api/types'
import { amounts, names, type Palette, tip, tooltip, words } from './palette'
import { money, share, shortMoney } from './sources'
import type { Step } from './sums'

const STATES: readonly Firmness[] = ['hard', 'soft']

/** Series 0 and 1 are the bars of hard and soft, which marks lead from; 2 and 3 the lines; 4 the target. */
export function drawSteps(
  palette: Palette,
  narrow: boolean,
  steps: readonly Step[],
  amount: Field,
  goal: number | null,
) {
  const short = (value: number) => shortMoney(value, amount)
  const left = narrow ? 46 : 58
  const labels = steps.map(({ label }) => label)
  const bar = (state: Firmness) => ({
    ...{ type: 'bar', xAxisIndex: 1, yAxisIndex: 1, barMaxWidth: 20, barGap: '10%', cursor: 'pointer' },
    data: steps.map((step) => step[state].amount || null),
    itemStyle:
      state === 'hard'
        ? { color: palette.accent, borderRadius: [3, 3, 0, 0] }
        : { color: palette.soft, borderColor: palette.accent, borderWidth: 1.25, borderRadius: [3, 3, 0, 0] },
    emphasis: { itemStyle: { opacity: 0.85 } },
  })
  const line = (state: Firmness) => ({
    ...{ type: 'line', step: false, symbol: 'circle', symbolSize: 6, showSymbol: steps.length < 14, cursor: 'pointer' },
    data: steps.map((step) => step.soFar[state]),
    lineStyle: { color: palette.accent, width: 2, type: state === 'hard' ? 'solid' : [4, 4] },
    itemStyle: state === 'hard' ? { color: palette.accent } : { color: palette.soft, borderColor: palette.accent },
    ...(state === 'hard' && { areaStyle: { color: palette.accent, opacity: 0.08 } }),
  })
  const target = {
    ...{ type: 'line', symbol: 'none', silent: true, data: goal === null ? [] : steps.map(() => goal) },
    lineStyle: { color: palette.target, width: 1.5, type: [8, 4] },
    endLabel: { show: false },
  }
  return {
    grid: [
      { left, right: 12, top: 12, height: 168 },
      { left, right: 12, top: 212, height: 80 },
    ],
    tooltip: tooltip(({ dataIndex }) => {
      const step = steps[dataIndex]
      if (!step) return ''
      const lines = STATES.flatMap((state) => {
        const word = state === 'hard' ? 'Hard' : 'Soft'
        const part = share(step.soFar[state], goal)
        return [
          { name: word, value: money(step[state].amount, amount) },
          { name: `${word} so far`, value: [money(step.soFar[state], amount), part].filter(Boolean).join(' · ') },
        ]
      })
      return tip(step.label, lines)
    }),
    xAxis: [
      names(palette, labels, { gridIndex: 0, axisLabel: { show: false }, boundaryGap: true }),
      names(palette, labels, {
        gridIndex: 1,
        axisLine: { show: true, lineStyle: { color: palette.line } },
        axisLabel: { ...words(palette.text3), fontSize: 11, hideOverlap: true },
      }),
    ],
    yAxis: [
      amounts(palette, short, { gridIndex: 0, splitNumber: 4 }),
      amounts(palette, short, { gridIndex: 1, splitNumber: 2 }),
    ],
    series: [...STATES.map(bar), ...STATES.map(line), target],
  }
}
