/** The few numbers one looks for first, each leading to its records. */
import { Link } from 'wouter'
import type { Commitments, Pipeline } from '../../api/dashboards'
import { pursued } from './ColdCard'
import styles from './Dashboards.module.css'
import { drillPath, isFilled, isNone, olderThan } from './drill'
import { promisesOf } from './promises'
import { counted, type Sources, share, shortMoney } from './sources'
import { ofFund, total } from './sums'

interface KeyFiguresProps {
  pipeline: Pipeline
  promised: Commitments
  sources: Sources
  cold: number
  threshold: number
}

export function KeyFigures({ pipeline, promised, sources, cold, threshold }: KeyFiguresProps) {
  const { investors, funds } = sources
  const promises = promisesOf(promised, sources.commitments)
  const [size, goal] = [investors.field('check_size'), funds.field('target')]
  const { rows, target } = ofFund(promised, undefined)
  const [hard, soft] = [total(rows, 'hard'), total(rows, 'soft')]
  const comparable = goal.options.code === promises.amount.options.code
  const open = pipeline.stages.filter(({ stage }) => stage === null || !pipeline.passed.includes(stage))
  const weighted = open.reduce((sum, stage) => sum + stage.weighted, 0)
  const notPassed = pipeline.passed.length > 0 ? [isNone(investors.field('stage'), pipeline.passed)] : []
  const figures = [
    {
      name: 'Hard',
      value: shortMoney(hard.amount, promises.amount),
      about: comparable && target ? `${share(hard.amount, target)} of the target` : counted(hard.count, 'commitment'),
      path: promises.path('hard', undefined),
    },
    {
      name: 'Soft',
      value: shortMoney(soft.amount, promises.amount),
      about: comparable && target ? `${share(soft.amount, target)} of the target` : counted(soft.count, 'commitment'),
      path: promises.path('soft', undefined),
    },
    {
      name: 'Target',
      value: target === null ? '–' : shortMoney(target, goal),
      about: counted(promised.funds.filter((fund) => fund.target !== null).length, 'fund'),
      path: drillPath(funds.table, [isFilled(goal)], { by: goal, total: goal }),
    },
    {
      name: 'Weighted pipeline',
      value: shortMoney(weighted, size),
      about: 'check size × probability',
      path: drillPath(investors.table, [...notPassed, isFilled(size), isFilled(investors.field('probability'))], {
        ...{ by: size, total: size },
      }),
    },
    {
      name: 'Going cold',
      value: cold.toLocaleString('en-US'),
      about: `no contact for over ${threshold} days`,
      path: drillPath(
        investors.table,
        [...pursued(pipeline, investors), olderThan(investors.field('last_contact'), threshold)],
        { by: investors.field('last_contact'), desc: false },
      ),
    },
  ]
  return (
    <ul className={styles.figures} aria-label="Key figures">
      {figures.map(({ name, value, about, path }) => (
        <li key={name}>
          <Link href={path} className={styles.figure ?? ''}>
            <span>{name}</span>
            <strong>{value}</strong>
            <span>{about}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
