/** A day, chosen by the browser's own calendar; `value` is `YYYY-MM-DD`, or empty while none is chosen. */
import { cx } from './classes'
import styles from './Field.module.css'

interface DayInputProps {
  label: string
  value: string
  onChange: (day: string) => void
  min?: string
  max?: string
  size?: 'small' | 'medium'
}

export function DayInput({ label, value, onChange, min, max, size = 'medium' }: DayInputProps) {
  return (
    <input
      type="date"
      className={cx(styles.day, size === 'small' && styles.daySmall)}
      aria-label={label}
      value={value}
      min={min}
      max={max}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}
