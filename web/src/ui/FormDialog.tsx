/** A dialog with a form: Cancel and one deed at the foot, Enter does it, and what went wrong stands above the fields. */
import { type ReactNode, useId } from 'react'
import { Button } from './Button'
import { Dialog } from './Dialog'
import { Notice } from './Feedback'
import styles from './Popup.module.css'

interface FormDialogProps {
  title: string
  text?: ReactNode
  size?: 'small' | 'medium' | 'large'
  /** What the button at the foot says. */
  action: string
  danger?: boolean
  busy?: boolean
  /** Something is missing: the button waits, and Enter does nothing. */
  disabled?: boolean
  problem?: string
  /** A click beside it does not close it: for forms that hold work. */
  steady?: boolean
  onSubmit: () => void
  onClose: () => void
  children: ReactNode
}

export function FormDialog(props: FormDialogProps) {
  const {
    action,
    danger,
    busy = false,
    disabled = false,
    problem,
    onSubmit,
    children,
    size = 'small',
    ...dialog
  } = props
  const form = useId()
  return (
    <Dialog
      open
      size={size}
      {...dialog}
      foot={
        <>
          <Button onClick={dialog.onClose}>Cancel</Button>
          <Button variant={danger ? 'danger' : 'primary'} type="submit" form={form} busy={busy} disabled={disabled}>
            {action}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!disabled && !busy) onSubmit()
        }}
      >
        {problem && <Notice tone="danger">{problem}</Notice>}
        {children}
      </form>
    </Dialog>
  )
}
