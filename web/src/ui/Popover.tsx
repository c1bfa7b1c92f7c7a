/** A small panel at a trigger or, for the canvas grid, at a rectangle. */
import { Popover as Base } from '@base-ui/react/popover'
import type { ReactNode } from 'react'
import { focusing, type PlacedProps, positioned } from './anchor'
import { cx } from './classes'
import styles from './Popup.module.css'

interface PopoverProps extends PlacedProps {
  label: string
  className?: string
  /** Where focus goes on opening; default the first field. `false` leaves it. */
  initialFocus?: boolean
  children: ReactNode
}

export function Popover(props: PopoverProps) {
  const { trigger, open, onOpenChange, finalFocus, label, className, initialFocus, children, ...place } = props
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Positioner {...positioned(place)}>
          <Base.Popup
            className={cx(styles.popup, className)}
            aria-label={label}
            initialFocus={initialFocus}
            finalFocus={focusing(finalFocus)}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
