/** Modal dialogs: focus is held inside, Escape closes, focus returns to where it was. */
import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { IconButton } from './Button'
import { cx } from './classes'
import styles from './Popup.module.css'

interface DialogProps {
  open: boolean
  onClose: () => void
  title: string
  /** One sentence under the title. */
  text?: ReactNode
  size?: 'small' | 'medium' | 'large' | 'full'
  /** Buttons at the foot, the main one last. */
  foot?: ReactNode
  finalFocus?: () => HTMLElement | null | undefined
  bodyClassName?: string
  /** It is only read, so that its text is what the keys scroll. */
  read?: boolean
  /** A click beside it does not close it: for dialogs that hold work. */
  steady?: boolean
  children?: ReactNode
}

export function Dialog({
  open,
  onClose,
  title,
  text,
  size = 'medium',
  foot,
  finalFocus,
  bodyClassName,
  read,
  steady,
  children,
}: DialogProps) {
  const popup = useRef<HTMLDivElement>(null)
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()} disablePointerDismissal={steady}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Viewport className={styles.viewport}>
          <Base.Popup
            ref={popup}
            data-modal=""
            className={cx(styles.dialog, styles[size])}
            initialFocus={() => firstFocus(popup.current)}
            finalFocus={finalFocus && (() => finalFocus() ?? true)}
          >
            <div className={styles.dialogHead}>
              <Base.Title className={styles.dialogTitle}>{title}</Base.Title>
              <IconButton label="Close" size="small" onClick={onClose}>
                <X size={15} />
              </IconButton>
            </div>
            <div className={cx(styles.dialogBody, bodyClassName)} {...(read && { tabIndex: 0 })}>
              {text && <Base.Description className={styles.dialogText}>{text}</Base.Description>}
              {children}
            </div>
            {foot && <div className={styles.dialogFoot}>{foot}</div>}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}

/** What asked for the focus, else the first input, else the dialog itself: never its Close button, whose hint would show. */
function firstFocus(popup: HTMLElement | null): HTMLElement | true {
  const { activeElement } = document
  if (activeElement instanceof HTMLElement && activeElement !== popup && popup?.contains(activeElement)) {
    return activeElement
  }
  return popup?.querySelector<HTMLElement>('input, textarea, [role=combobox]') ?? popup ?? true
}
