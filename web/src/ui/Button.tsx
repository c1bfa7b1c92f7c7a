/** Buttons: one primary per view, the rest plain or ghost. An icon-only button must carry `label`. */
import type { ComponentPropsWithRef, ReactNode } from 'react'
import styles from './Button.module.css'
import { cx } from './classes'
import { Tooltip } from './Tooltip'

export interface ButtonProps extends ComponentPropsWithRef<'button'> {
  variant?: 'primary' | 'plain' | 'ghost' | 'danger'
  size?: 'small' | 'medium' | 'large'
  icon?: ReactNode
  /** Shown as busy and refuses clicks; the label stays, so nothing shifts. */
  busy?: boolean
}

/** The looks of a button for a link that leads on. */
export function buttonClass(variant: NonNullable<ButtonProps['variant']> = 'plain'): string {
  return cx(styles.button, styles[variant], styles.medium)
}

export function Button({
  variant = 'plain',
  size = 'medium',
  icon,
  busy = false,
  className,
  children,
  type = 'button',
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={cx(styles.button, styles[variant], styles[size], className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy ? <span className={styles.spinner} aria-hidden="true" /> : icon}
      {children}
    </button>
  )
}

export interface IconButtonProps extends Omit<ButtonProps, 'icon' | 'children'> {
  label: string
  /** Shown after the label in the tooltip, for example `Ctrl+Z`. */
  shortcut?: string
  children: ReactNode
}

export function IconButton({ label, shortcut, variant = 'ghost', className, children, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <Button variant={variant} aria-label={label} className={cx(styles.icon, className)} {...rest}>
        {children}
      </Button>
    </Tooltip>
  )
}
