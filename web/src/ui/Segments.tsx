/** A few exclusive choices side by side, moved between with the arrow keys. */
import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import type { ReactNode } from 'react'
import styles from './Segments.module.css'

interface SegmentsProps<T extends string> {
  value: T
  onChange: (value: T) => void
  label: string
  options: { value: T; label: string; icon?: ReactNode }[]
}

export function Segments<T extends string>({ value, onChange, label, options }: SegmentsProps<T>) {
  return (
    <RadioGroup className={styles.group} value={value} onValueChange={(next) => onChange(next as T)} aria-label={label}>
      {options.map((option) => (
        <Radio.Root key={option.value} value={option.value} className={styles.segment} aria-label={option.label}>
          {option.icon}
          {option.label}
        </Radio.Root>
      ))}
    </RadioGroup>
  )
}
