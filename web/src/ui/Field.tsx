/** A labelled input with its hint and its error, tied together for screen readers. */
import { Field as Base } from '@base-ui/react/field'
import type { ComponentPropsWithRef, ReactNode } from 'react'
import { cx } from './classes'
import styles from './Field.module.css'

interface FieldProps {
  label: ReactNode
  hint?: ReactNode
  error?: string
  /** Keeps the label for screen readers only. */
  hideLabel?: boolean
  className?: string
  children: ReactNode
}

export function Field({ label, hint, error, hideLabel, className, children }: FieldProps) {
  return (
    <Base.Root className={cx(styles.field, className)} invalid={Boolean(error)}>
      <Base.Label className={hideLabel ? 'visually-hidden' : styles.label}>{label}</Base.Label>
      {children}
      {error ? (
        <Base.Error className={styles.error} match={true}>
          {error}
        </Base.Error>
      ) : (
        hint && <Base.Description className={styles.hint}>{hint}</Base.Description>
      )}
    </Base.Root>
  )
}

interface InputProps extends Omit<ComponentPropsWithRef<'input'>, 'size' | 'onChange' | 'value' | 'defaultValue'> {
  value: string
  onChange: (value: string) => void
  size?: 'medium' | 'large'
}

/** A one-line text input; inside a Field it takes that Field's label and error. */
export function Input({ size = 'medium', className, onChange, ...rest }: InputProps) {
  return <Base.Control className={cx(styles.input, styles[size], className)} onValueChange={onChange} {...rest} />
}

interface TextAreaProps extends Omit<ComponentPropsWithRef<'textarea'>, 'onChange' | 'value'> {
  value: string
  onChange: (value: string) => void
}

export function TextArea({ className, onChange, value, rows = 4, ...rest }: TextAreaProps) {
  return (
    <Base.Control
      value={value}
      onValueChange={onChange}
      render={<textarea rows={rows} className={cx(styles.input, styles.area, className)} {...rest} />}
    />
  )
}
