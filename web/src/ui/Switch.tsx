/** Something that is on or off at once, without saving. */
import { Switch as Base } from '@base-ui/react/switch'
import styles from './Switch.module.css'

interface SwitchProps {
  checked: boolean
  onChange: (checked: boolean) => void
  label: string
  disabled?: boolean
}

export function Switch({ checked, onChange, label, disabled }: SwitchProps) {
  return (
    <Base.Root
      className={styles.switch}
      checked={checked}
      onCheckedChange={onChange}
      aria-label={label}
      disabled={disabled}
    >
      <Base.Thumb className={styles.thumb} />
    </Base.Root>
  )
}
