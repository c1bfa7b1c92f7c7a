/** The grid's colours, read from the page's CSS variables so that both always agree. */
import type { Theme } from '@glideapps/glide-data-grid'
import { tokenColor } from '../../theme/theme'

const PILLS = ['gray', 'red', 'orange', 'yellow', 'green', 'teal', 'cyan', 'blue', 'purple', 'pink'] as const

export interface Ink {
  readonly bg: string
  readonly fg: string
}

export interface SurfaceTheme {
  readonly glide: Partial<Theme>
  readonly pills: ReadonlyMap<string, Ink>
  readonly chip: Ink
  readonly border: string
  readonly star: string
  readonly accent: string
  readonly faded: string
  readonly text: string
  readonly danger: string
  readonly held: string
  readonly match: string
  readonly current: string
  readonly bands: readonly string[]
}

/** Builds the theme for what is on screen now; call again when light and dark change. */
export function readTheme(): SurfaceTheme {
  const color = tokenColor
  const font = getComputedStyle(document.documentElement).getPropertyValue('--font') || 'system-ui, sans-serif'
  const accent = color('--accent')
  const pills = new Map<string, Ink>()
  for (const name of PILLS) pills.set(name, { bg: color(`--pill-${name}-bg`), fg: color(`--pill-${name}-fg`) })
  const glide: Partial<Theme> = {
    accentColor: accent,
    accentFg: color('--on-accent'),
    accentLight: color('--accent-soft'),
    textDark: color('--text'),
    textMedium: color('--text-2'),
    textLight: color('--text-3'),
    textBubble: color('--text'),
    bgIconHeader: color('--text-3'),
    fgIconHeader: color('--bg'),
    textHeader: color('--text-2'),
    textGroupHeader: color('--text-2'),
    bgGroupHeader: color('--bg-sunken'),
    bgGroupHeaderHovered: color('--bg-hover'),
    textHeaderSelected: color('--on-accent'),
    bgCell: color('--bg'),
    bgCellMedium: color('--bg-sunken'),
    bgHeader: color('--bg-sunken'),
    bgHeaderHasFocus: color('--bg-pressed'),
    bgHeaderHovered: color('--bg-hover'),
    bgBubble: color('--bg-pressed'),
    bgBubbleSelected: color('--accent-soft'),
    bgSearchResult: color('--warning-soft'),
    borderColor: color('--border'),
    horizontalBorderColor: color('--border'),
    headerBottomBorderColor: color('--border-strong'),
    drilldownBorder: color('--border'),
    resizeIndicatorColor: accent,
    linkColor: color('--accent-text'),
    cellHorizontalPadding: 8,
    cellVerticalPadding: 3,
    headerIconSize: 15,
    checkboxMaxSize: 16,
    roundingRadius: 4,
    lineHeight: 1.4,
    fontFamily: font,
    baseFontStyle: '13px',
    headerFontStyle: '500 12px',
    markerFontStyle: '11px',
    editorFontSize: '13px',
  }
  return {
    glide,
    pills,
    chip: { bg: color('--bg-pressed'), fg: color('--text') },
    border: color('--border-strong'),
    star: '#e5a00d',
    accent,
    faded: color('--text-3'),
    text: color('--text'),
    danger: color('--danger-text'),
    held: color('--warning-soft'),
    match: color('--warning-soft'),
    current: color('--pill-yellow-bg'),
    bands: [color('--bg-sunken'), color('--bg-app'), color('--bg')],
  }
}
