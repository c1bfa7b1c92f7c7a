/** A box to tick, for choosing rows or agreeing. */
import { Checkbox as Base } from '@base-ui/react/checkbox'
import { Check, Minus } from 'lucide-react'
import styles from './Switch.module.css'

interface CheckboxProps {
  checked: boolean
  indeterminate?: boolean
  onChange: (checked: boolean) => void
  label: string
  disabled?: boolean
}

export function Checkbox({ checked, indeterminate, onChange, label, disabled }: CheckboxProps) {
  return (
    <Base.Root
      className={styles.checkbox}
      checked={checked}
      indeterminate={indeterminate}
      onCheckedChange={onChange}
      aria-label={label}
      disabled={disabled}
    >
      <Base.Indicator className={styles.mark}>
        {indeterminate ? <Minus size={12} strokeWidth={3} /> : <Check size={12} strokeWidth={3} />}
      </Base.Indicator>
    </Base.Root>
  )
}
