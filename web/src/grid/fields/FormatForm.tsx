/** How a result is shown: as which kind, with that kind's settings. */
import type { Format } from '../../api/formulas'
import { useSession } from '../../api/queries'
import type { FieldKind, FieldOptions } from '../../api/types'
import { Field } from '../../ui/Field'
import { Select } from '../../ui/Select'
import { KindIcon } from '../kinds/KindIcon'
import styles from './Fields.module.css'
import { kindName } from './kindList'
import { OptionsForm } from './OptionsForm'

interface FormatFormProps {
  formats: readonly string[]
  /** The kind it is shown as, and that kind's settings. */
  result: string
  format: Partial<Format>
  onChange: (format: Format) => void
}

export function FormatForm({ formats, result: kind, format, onChange }: FormatFormProps) {
  const { data: session } = useSession()
  const { kind: _, ...options } = format
  return (
    <div className={styles.pair}>
      <Field label="Show it as">
        <Select
          value={kind}
          onChange={(next) => next !== kind && onChange(starting(next as FieldKind, session?.settings.currency))}
          options={formats.map((one) => ({ value: one, label: kindName(one), icon: <KindIcon kind={one} /> }))}
        />
      </Field>
      <OptionsForm
        kind={kind as FieldKind}
        options={options as FieldOptions}
        onChange={(next) => onChange({ ...next, kind })}
        tables={[]}
        fixed
      />
    </div>
  )
}

/** A format as a field of that kind starts; large amounts of money are read without cents. */
function starting(kind: FieldKind, currency = 'USD'): Format {
  return { kind, ...(kind === 'currency' ? { code: currency, precision: 0 } : {}) }
}
