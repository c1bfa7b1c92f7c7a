/** A day to compare with: one of the calendar, or one counted from today. */
import { Input } from '../../ui/Field'
import { Select } from '../../ui/Select'
import { COUNTED, isRelative } from './conditions'
import styles from './Toolbar.module.css'

interface DayValueProps {
  units: readonly (readonly [unit: string, word: string])[]
  /** Whether a day of the calendar can be given too. */
  exact?: boolean
  value: unknown
  onChange: (value: unknown) => void
}

const EXACT = 'exact'

export function DayValue({ units, exact, value, onChange }: DayValueProps) {
  const relative = isRelative(value) ? value : undefined
  const unit = relative?.unit ?? (exact ? EXACT : null)
  const counted = unit !== null && COUNTED.includes(unit)
  const options = units.map(([name, label]) => ({ value: name, label }))
  const choose = (next: string) => {
    if (next === EXACT) onChange(undefined)
    else onChange(COUNTED.includes(next) ? { unit: next, days: relative?.days ?? 7 } : { unit: next })
  }
  return (
    <span className={styles.day}>
      <Select
        className={counted || unit === EXACT ? styles.dayUnit : styles.value}
        label="Which day"
        value={unit}
        onChange={choose}
        options={exact ? [...options, { value: EXACT, label: 'exact date' }] : options}
      />
      {unit === EXACT && (
        <Input
          className={styles.dayExact}
          type="date"
          aria-label="Date"
          value={typeof value === 'string' ? value.slice(0, 10) : ''}
          onChange={(next) => onChange(next === '' ? undefined : next)}
        />
      )}
      {counted && (
        <Input
          className={styles.dayCount}
          type="number"
          min={0}
          max={36600}
          aria-label="Number of days"
          value={relative?.days === undefined ? '' : String(relative.days)}
          onChange={(next) => {
            const days = Number.parseInt(next, 10)
            onChange({ unit, ...(Number.isInteger(days) && days >= 0 ? { days } : {}) })
          }}
        />
      )}
    </span>
  )
}
