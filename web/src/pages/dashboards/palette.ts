/** Our tokens as a chart takes them, and what all charts share: quiet axes and a tooltip like our popups. */
import { tokenColor } from '../../theme/theme'
import styles from './Dashboards.module.css'

export interface Palette {
  readonly text: string
  readonly text2: string
  readonly text3: string
  readonly line: string
  readonly surface: string
  readonly accent: string
  readonly soft: string
  readonly target: string
  readonly warm: string
  /** A select option's colour, strong enough for a bar. */
  readonly option: (name: string | undefined) => string
}

export const FONT = '"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif'

export function paletteOf(): Palette {
  return {
    text: tokenColor('--text'),
    text2: tokenColor('--text-2'),
    text3: tokenColor('--text-3'),
    line: tokenColor('--border'),
    surface: tokenColor('--bg'),
    accent: tokenColor('--accent'),
    soft: tokenColor('--accent-soft'),
    target: tokenColor('--warning'),
    warm: tokenColor('--pill-orange-fg'),
    option: (name) => tokenColor(`--pill-${name ?? 'gray'}-fg`),
  }
}

export interface Line {
  readonly name: string
  readonly value: string
}

/** A tooltip made of nodes, never of markup: names are what people typed. */
export function tip(title: string, lines: readonly Line[]): HTMLElement {
  const box = document.createElement('div')
  box.className = styles.tip ?? ''
  const head = box.appendChild(document.createElement('strong'))
  head.textContent = title
  for (const { name, value } of lines) {
    const line = box.appendChild(document.createElement('div'))
    line.appendChild(document.createElement('span')).textContent = name
    line.appendChild(document.createElement('b')).textContent = value
  }
  return box
}

interface TipTarget {
  seriesIndex: number
  dataIndex: number
}

export const tooltip = (show: (at: TipTarget) => HTMLElement | string) => ({
  ...{ trigger: 'item', confine: true, transitionDuration: 0, backgroundColor: 'transparent', borderWidth: 0 },
  ...{ padding: 0, position: 'top', extraCssText: 'box-shadow: none', formatter: show },
})

/** An axis of names. */
export const names = (palette: Palette, data: readonly string[], more: Record<string, unknown> = {}) => ({
  ...{ type: 'category', data, axisTick: { show: false }, axisLine: { show: false } },
  axisLabel: { color: palette.text2, fontFamily: FONT, fontSize: 12 },
  ...more,
})

/** An axis of amounts; `format` writes them short. */
export const amounts = (palette: Palette, format: (value: number) => string, more: Record<string, unknown> = {}) => ({
  ...{ type: 'value', splitNumber: 3, splitLine: { lineStyle: { color: palette.line } } },
  axisLabel: { color: palette.text3, fontFamily: FONT, fontSize: 11, formatter: format },
  ...more,
})

export const words = (color: string) => ({ color, fontFamily: FONT, fontSize: 12 })
