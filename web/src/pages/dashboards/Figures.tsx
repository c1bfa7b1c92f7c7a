/** A card of the dashboards, its chart or its table, and the table whose numbers are links. */
import { BarChart3, Table2 } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { Link } from 'wouter'
import { explain } from '../../api/client'
import { Button } from '../../ui/Button'
import { Notice, Skeleton } from '../../ui/Feedback'
import styles from './Dashboards.module.css'

interface CardProps {
  title: string
  /** One sentence: what is counted. */
  about: ReactNode
  /** Choices of what the chart shows. */
  tools?: ReactNode
  chart: ReactNode
  table?: ReactNode
  foot?: ReactNode
  wide?: boolean
}

export function Card({ title, about, tools, chart, table, foot, wide }: CardProps) {
  const [tabled, setTabled] = useState(false)
  const id = useId()
  return (
    <section className={styles.card} data-wide={wide || undefined} aria-labelledby={id}>
      <header className={styles.cardHead}>
        <div>
          <h2 id={id}>{title}</h2>
          <p>{about}</p>
        </div>
        <div className={styles.tools}>
          {tools}
          {table && (
            <Button
              size="small"
              variant="ghost"
              icon={tabled ? <BarChart3 size={14} /> : <Table2 size={14} />}
              aria-label={tabled ? `Show ${title} as chart` : `Show ${title} as table`}
              onClick={() => setTabled(!tabled)}
            >
              {tabled ? 'Chart' : 'Table'}
            </Button>
          )}
        </div>
      </header>
      {tabled ? table : chart}
      {foot && <div className={styles.foot}>{foot}</div>}
    </section>
  )
}

/** What stands in a card until its numbers are here, or instead of them. */
export function Waiting({ error, height }: { error: unknown; height: number }) {
  return error ? (
    <Notice tone="danger">{explain(error)}</Notice>
  ) : (
    <div role="status" aria-label="Loading" style={{ height }}>
      <Skeleton height={height - 16} width="100%" />
    </div>
  )
}

/** A number, and where its records are. */
export interface Figure {
  readonly text: string
  readonly href?: string | undefined
}

export interface FigureRow {
  readonly key: string
  readonly name: ReactNode
  readonly figures: readonly Figure[]
}

interface TableProps {
  label: string
  first: string
  columns: readonly string[]
  rows: readonly FigureRow[]
}

export function FigureTable({ label, first, columns, rows }: TableProps) {
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={`${label}, table`}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{row.name}</th>
              {row.figures.map((figure, at) => (
                <td key={columns[at]}>
                  <FigureLink {...figure} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function FigureLink({ text, href }: Figure) {
  return href === undefined ? <span>{text}</span> : <Link href={href}>{text}</Link>
}
