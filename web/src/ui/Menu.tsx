/** Menus opened by a trigger or, for the canvas grid, controlled and placed at a rectangle. */
import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { focusing, type PlacedProps, positioned } from './anchor'
import { cx } from './classes'
import { asPressed } from './keyNames'
import styles from './Popup.module.css'

interface MenuProps extends PlacedProps {
  label?: string
  children: ReactNode
}

export function Menu({ trigger, open, onOpenChange, finalFocus, label, children, ...place }: MenuProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Positioner {...positioned(place)}>
          <Base.Popup className={cx(styles.popup, styles.menu)} aria-label={label} finalFocus={focusing(finalFocus)}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

interface MenuItemProps {
  icon?: ReactNode
  /** Shown at the right, for example a key. */
  hint?: string
  danger?: boolean
  disabled?: boolean
  onSelect: () => void
  children: ReactNode
}

export function MenuItem({ icon, hint, danger, disabled, onSelect, children }: MenuItemProps) {
  return (
    <Base.Item className={cx(styles.item, danger && styles.danger)} disabled={disabled} onClick={onSelect}>
      {icon}
      <span className={styles.itemText}>{children}</span>
      {hint && <span className={styles.hint}>{asPressed(hint)}</span>}
    </Base.Item>
  )
}

interface MenuCheckProps {
  checked: boolean
  onChange: (checked: boolean) => void
  icon?: ReactNode
  disabled?: boolean
  children: ReactNode
}

/** A menu entry that is on or off; the menu stays open. */
export function MenuCheck({ checked, onChange, icon, disabled, children }: MenuCheckProps) {
  return (
    <Base.CheckboxItem
      className={styles.item}
      checked={checked}
      onCheckedChange={onChange}
      disabled={disabled}
      closeOnClick={false}
    >
      {icon}
      <span className={styles.itemText}>{children}</span>
      <span className={styles.check}>{checked && <Check size={14} />}</span>
    </Base.CheckboxItem>
  )
}

interface MenuRadioProps<T extends string> {
  value: T
  onChange: (value: T) => void
  options: { value: T; label: string; icon?: ReactNode }[]
}

/** One choice out of a few. */
export function MenuRadio<T extends string>({ value, onChange, options }: MenuRadioProps<T>) {
  return (
    <Base.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
      {options.map((option) => (
        <Base.RadioItem key={option.value} value={option.value} className={styles.item} closeOnClick>
          {option.icon}
          <span className={styles.itemText}>{option.label}</span>
          <span className={styles.check}>{option.value === value && <Check size={14} />}</span>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  )
}

export function MenuGroup({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <Base.Group>
      <Base.GroupLabel className={styles.label}>{label}</Base.GroupLabel>
      {children}
    </Base.Group>
  )
}

export function MenuSeparator() {
  return <Base.Separator className={styles.separator} />
}
