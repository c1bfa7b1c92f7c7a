import styles from './Editors.module.css'

/** A select option as it looks in the grid. */
export function Pill({ text, color }: { text: string; color: string }) {
  return (
    <span
      className={styles.pill}
      style={{
        background: `var(--pill-${color}-bg, var(--pill-gray-bg))`,
        color: `var(--pill-${color}-fg, var(--pill-gray-fg))`,
      }}
    >
      {text}
    </span>
  )
}
