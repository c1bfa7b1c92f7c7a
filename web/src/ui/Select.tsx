/** One choice out of a list that needs no searching; for long lists use Picker. */
import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './classes'
import popup from './Popup.module.css'
import styles from './Select.module.css'

export interface SelectOption<T extends string> {
  value: T
  label: string
  icon?: ReactNode
  /** A second, quieter line. */
  detail?: string
  disabled?: boolean
}

interface SelectProps<T extends string> {
  value: T | null
  onChange: (value: T) => void
  options: SelectOption<T>[]
  /** Needed unless inside a Field. */
  label?: string
  placeholder?: string
  size?: 'small' | 'medium' | 'large'
  disabled?: boolean
  className?: string
}

export function Select<T extends string>({
  value,
  onChange,
  options,
  label,
  placeholder = 'Choose…',
  size = 'medium',
  disabled,
  className,
}: SelectProps<T>) {
  const chosen = options.find((option) => option.value === value)
  return (
    <Base.Root
      value={value}
      onValueChange={(next) => next !== null && onChange(next as T)}
      disabled={disabled}
      modal={false}
    >
      <Base.Trigger className={cx(styles.trigger, styles[size], className)} aria-label={label}>
        {chosen?.icon}
        <span className={cx(styles.value, !chosen && styles.placeholder)}>{chosen?.label ?? placeholder}</span>
        <ChevronDown size={14} className={styles.arrow} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner
          className={popup.positioner}
          alignItemWithTrigger={false}
          sideOffset={4}
          collisionPadding={8}
          align="start"
        >
          <Base.Popup className={cx(popup.popup, popup.menu, styles.list)}>
            {options.map((option) => (
              <Base.Item
                key={option.value}
                value={option.value}
                label={option.label}
                disabled={option.disabled}
                className={popup.item}
              >
                {option.icon}
                <Base.ItemText className={cx(popup.itemText, styles.text)}>
                  {option.label}
                  {option.detail && <span className={styles.detail}>{option.detail}</span>}
                </Base.ItemText>
                <span className={popup.check}>{option.value === value && <Check size={14} />}</span>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
