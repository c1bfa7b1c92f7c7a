/** A code of an authenticator app, which password managers fill in, or a recovery code. */
import { Field, Input } from '../../ui/Field'
import styles from './AccountCard.module.css'

interface CodeFieldProps {
  value: string
  onChange: (value: string) => void
  error?: string
  recovery?: boolean
  autoFocus?: boolean
}

export function CodeField({ value, onChange, error, recovery = false, autoFocus }: CodeFieldProps) {
  return (
    <Field label={recovery ? 'Recovery code' : 'Code of your authenticator app'} error={error}>
      <Input
        key={recovery ? 'recovery' : 'app'}
        size="large"
        className={recovery ? styles.recovery : styles.code}
        value={value}
        onChange={onChange}
        inputMode={recovery ? 'text' : 'numeric'}
        autoComplete={recovery ? 'off' : 'one-time-code'}
        placeholder={recovery ? 'XXXXXX-XXXXXX-XXXXXX-XXXXXX' : '000000'}
        maxLength={recovery ? 40 : 8}
        spellCheck={false}
        autoFocus={autoFocus}
        required
      />
    </Field>
  )
}

export const codeIsWhole = (code: string, recovery: boolean) =>
  recovery ? code.replace(/[^\p{L}\d]/gu, '').length === 24 : /^\d{6}$/.test(code.replace(/\s/g, ''))
