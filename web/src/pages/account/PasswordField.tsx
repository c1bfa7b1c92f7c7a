/** A password with a way to see it and, for a new one, a measure of its strength. */
import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from '../../ui/Button'
import { Field, Input } from '../../ui/Field'
import styles from './AccountCard.module.css'
import { passwordStrength } from './passwordStrength'

interface PasswordFieldProps {
  value: string
  onChange: (value: string) => void
  label?: string
  error?: string
  /** Set for a password being chosen: shows its strength, judged also against these words. */
  about?: string[]
  autoFocus?: boolean
}

export function PasswordField({ value, onChange, label = 'Password', error, about, autoFocus }: PasswordFieldProps) {
  const [shown, setShown] = useState(false)
  const strength = about ? passwordStrength(value, about) : null
  return (
    <Field label={label} error={error} hint={strength?.hint}>
      <div className={styles.password}>
        <Input
          size="large"
          type={shown ? 'text' : 'password'}
          value={value}
          onChange={onChange}
          autoComplete={about ? 'new-password' : 'current-password'}
          autoFocus={autoFocus}
          required
          spellCheck={false}
        />
        <IconButton
          label={shown ? 'Hide password' : 'Show password'}
          className={styles.reveal}
          onClick={() => setShown(!shown)}
        >
          {shown ? <EyeOff size={15} /> : <Eye size={15} />}
        </IconButton>
      </div>
      {strength && (
        <div className={styles.strength} data-level={strength.level} aria-hidden="true">
          <span />
          <span />
          <span />
          <span />
        </div>
      )}
    </Field>
  )
}
