/** A small panel at a trigger or, for the canvas grid, at a rectangle. */
import { Popover as Base } from '@base-ui/react/popover'
import type { ReactElement, ReactNode } from 'react'
import { type Anchor, toAnchor } from './anchor'
import { cx } from './classes'
import styles from './Popup.module.css'

interface PopoverProps {
  trigger?: ReactElement<Record<string, unknown>>
  open?: boolean
  onOpenChange?: (open: boolean) => void
  anchor?: Anchor
  side?: 'bottom' | 'top' | 'left' | 'right'
  align?: 'start' | 'center' | 'end'
  label: string
  className?: string
  /** Where focus goes on opening; default the first field. `false` leaves it. */
  initialFocus?: boolean
  finalFocus?: () => HTMLElement | null | undefined
  children: ReactNode
}

export function Popover({
  trigger,
  open,
  onOpenChange,
  anchor,
  side,
  align = 'start',
  label,
  className,
  initialFocus,
  finalFocus,
  children,
}: PopoverProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Positioner
          className={styles.positioner}
          anchor={toAnchor(anchor)}
          side={side}
          align={align}
          sideOffset={4}
          collisionPadding={8}
        >
          <Base.Popup
            className={cx(styles.popup, className)}
            aria-label={label}
            initialFocus={initialFocus}
            finalFocus={finalFocus && (() => finalFocus() ?? true)}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
