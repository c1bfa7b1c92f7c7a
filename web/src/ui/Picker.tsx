/** One choice out of a long, grouped list, narrowed by typing. */
import { Combobox } from '@base-ui/react/combobox'
import { Check, ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './classes'
import popup from './Popup.module.css'
import styles from './Select.module.css'

export interface PickerOption {
  value: string
  label: string
  /** Shown at the right, quieter. */
  hint?: string
  icon?: ReactNode
}

export interface PickerGroup {
  label: string
  items: PickerOption[]
}

interface PickerProps {
  value: string | null
  onChange: (value: string) => void
  groups: PickerGroup[]
  label: string
  placeholder?: string
  searchPlaceholder?: string
  className?: string
  /** What the closed picker shows; default the chosen label. */
  shown?: ReactNode
}

export function Picker({
  value,
  onChange,
  groups,
  label,
  placeholder = 'Choose…',
  searchPlaceholder = 'Find…',
  className,
  shown,
}: PickerProps) {
  const chosen = groups.flatMap((group) => group.items).find((item) => item.value === value) ?? null
  return (
    <Combobox.Root<PickerOption>
      items={groups}
      value={chosen}
      onValueChange={(item) => item && onChange(item.value)}
      isItemEqualToValue={(a, b) => a.value === b.value}
      itemToStringLabel={(item) => item.label}
      autoHighlight
    >
      <Combobox.Trigger className={cx(styles.trigger, className)} aria-label={label}>
        {shown ?? (
          <>
            {chosen?.icon}
            <span className={cx(styles.value, !chosen && styles.placeholder)}>{chosen?.label ?? placeholder}</span>
          </>
        )}
        <ChevronDown size={14} className={styles.arrow} />
      </Combobox.Trigger>
      <Combobox.Portal>
        <Combobox.Positioner className={popup.positioner} sideOffset={4} collisionPadding={8} align="start">
          <Combobox.Popup className={cx(popup.popup, styles.pickerPopup)} aria-label={label}>
            <div className={styles.search}>
              <Combobox.Input
                className={styles.searchInput}
                placeholder={searchPlaceholder}
                aria-label={searchPlaceholder}
              />
            </div>
            <Combobox.Empty className={styles.pickerEmpty}>Nothing by that name.</Combobox.Empty>
            <Combobox.List className={styles.pickerList}>
              {(group: PickerGroup) => (
                <Combobox.Group key={group.label} items={group.items}>
                  <Combobox.GroupLabel className={popup.label}>{group.label}</Combobox.GroupLabel>
                  <Combobox.Collection>
                    {(item: PickerOption) => (
                      <Combobox.Item key={item.value} value={item} className={popup.item}>
                        {item.icon}
                        <span className={popup.itemText}>{item.label}</span>
                        {item.hint && <span className={popup.hint}>{item.hint}</span>}
                        <span className={popup.check}>{item.value === value && <Check size={14} />}</span>
                      </Combobox.Item>
                    )}
                  </Combobox.Collection>
                </Combobox.Group>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  )
}
