/** A select option as it looks everywhere: its name on its colour. */
import styles from './Feedback.module.css'

export function Pill({ name, color }: { name: string; color: string }) {
  return (
    <span className={styles.pill} style={{ background: `var(--pill-${color}-bg)`, color: `var(--pill-${color}-fg)` }}>
      {name}
    </span>
  )
}
