/**
 * A chart whose every mark leads to its records. The drawing is for eyes and pointers; the same marks stand behind it as
 * links that arrows move between, so that keys and screen readers reach them too.
 */
import type { EChartsType } from 'echarts/core'
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { useShownTheme } from '../../theme/theme'
import { cx } from '../../ui/classes'
import { Skeleton } from '../../ui/Feedback'
import styles from './Dashboards.module.css'
import { type Palette, paletteOf } from './palette'

export interface Mark {
  readonly series: number
  readonly at: number
  /** What the mark says: "Researching: 24 investors". */
  readonly text: string
  readonly href: string
}

export type Drawing = Record<string, unknown>

interface ChartProps {
  label: string
  height: number
  marks: readonly Mark[]
  draw: (palette: Palette, narrow: boolean) => Drawing
}

export function Chart({ label, height, marks, draw }: ChartProps) {
  const [, navigate] = useLocation()
  const hint = useId()
  const theme = useShownTheme()
  const box = useRef<HTMLDivElement>(null)
  const links = useRef<HTMLUListElement>(null)
  const [chart, setChart] = useState<EChartsType>()
  const [width, setWidth] = useState(0)
  const [at, setAt] = useState(0)
  const open = useRef<(series: number, mark: number) => void>(undefined)
  open.current = (series, index) => {
    const mark = marks.find((one) => one.series === series && one.at === index)
    if (mark) navigate(mark.href)
  }

  useEffect(() => {
    const where = box.current
    if (!where) return
    let made: EChartsType | undefined
    let gone = false
    const watch = new ResizeObserver(() => {
      setWidth(where.clientWidth)
      made?.resize()
    })
    void import('./engine').then(({ init }) => {
      if (gone) return
      made = init(where, null, { renderer: 'canvas' })
      made.on('finished', () => where.setAttribute('data-drawn', 'true'))
      made.on('click', ({ seriesIndex, dataIndex }) => open.current?.(seriesIndex ?? 0, dataIndex))
      setWidth(where.clientWidth)
      setChart(made)
      watch.observe(where)
    })
    return () => {
      gone = true
      watch.disconnect()
      made?.dispose()
      setChart(undefined)
    }
  }, [])

  const narrow = width > 0 && width < 520
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme decides what the tokens mean
  const palette = useMemo(paletteOf, [theme])
  useEffect(() => {
    if (!chart) return
    // Marks that still grow are not yet where they will be.
    box.current?.setAttribute('data-drawn', 'false')
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    chart.setOption({ animation: !still, animationDuration: 350, ...draw(palette, narrow) }, { notMerge: true })
  }, [chart, draw, palette, narrow])

  const show = (mark: Mark | undefined, on: boolean) => {
    if (!mark || !chart) return
    const target = { seriesIndex: mark.series, dataIndex: mark.at }
    chart.dispatchAction({ type: on ? 'highlight' : 'downplay', ...target })
    chart.dispatchAction(on ? { type: 'showTip', ...target } : { type: 'hideTip' })
  }
  const step = (key: string): number | undefined => {
    if (key === 'ArrowRight' || key === 'ArrowDown') return Math.min(at + 1, marks.length - 1)
    if (key === 'ArrowLeft' || key === 'ArrowUp') return Math.max(at - 1, 0)
    if (key === 'Home') return 0
    return key === 'End' ? marks.length - 1 : undefined
  }
  const stop = Math.min(at, marks.length - 1)
  return (
    <div className={styles.chart}>
      {!chart && <Skeleton className={cx(styles.ghost)} height={height - 16} width="100%" />}
      <div ref={box} className={styles.canvas} style={{ height }} aria-hidden="true" />
      <p id={hint} className="visually-hidden">
        Arrow keys move from mark to mark, Enter opens the records behind one.
      </p>
      <ul ref={links} aria-label={label} aria-describedby={hint} className={styles.marks}>
        {marks.map((mark, index) => (
          <li key={`${mark.series}/${mark.at}`}>
            <a
              href={mark.href}
              tabIndex={index === stop ? 0 : -1}
              onFocus={() => {
                setAt(index)
                show(mark, true)
              }}
              onBlur={() => show(mark, false)}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return
                event.preventDefault()
                navigate(mark.href)
              }}
              onKeyDown={(event) => {
                const next = step(event.key)
                if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return
                event.preventDefault()
                links.current?.querySelectorAll('a')[next]?.focus()
              }}
            >
              {mark.text}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}
