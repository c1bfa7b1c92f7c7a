/** How a result is shown: as which kind, with that kind's settings. */
import type { Format } from '../../api/formulas'
import type { FieldKind, FieldOptions } from '../../api/types'
import { Field } from '../../ui/Field'
import { Select } from '../../ui/Select'
import { KindIcon } from '../kinds/KindIcon'
import styles from './Fields.module.css'
import { kindName } from './kindList'
import { OptionsForm } from './OptionsForm'

interface FormatFormProps {
  formats: readonly string[]
  format: Format | null
  onChange: (format: Format) => void
}

export function FormatForm({ formats, format, onChange }: FormatFormProps) {
  const { kind = formats[0] ?? 'text', ...options } = format ?? {}
  return (
    <div className={styles.pair}>
      <Field label="Show it as">
        <Select
          value={kind as string}
          onChange={(next) => next !== kind && onChange({ kind: next })}
          options={formats.map((one) => ({ value: one, label: kindName(one), icon: <KindIcon kind={one} /> }))}
        />
      </Field>
      <OptionsForm
        kind={kind as FieldKind}
        options={options as FieldOptions}
        onChange={(next) => onChange({ ...next, kind: kind as string })}
        tables={[]}
        fixed
      />
    </div>
  )
}
