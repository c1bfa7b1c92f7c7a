/** Light, dark, or like the system. */

import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import { chooseTheme, type ThemeChoice, useThemeChoice } from '../../theme/theme'
import { cx } from '../../ui/classes'
import { PageHead } from '../../ui/Page'
import { Card } from './parts'
import styles from './Settings.module.css'

const LOOKS: { value: ThemeChoice; label: string; halves: ('Light' | 'Dark')[] }[] = [
  { value: 'system', label: 'Like the system', halves: ['Light', 'Dark'] },
  { value: 'light', label: 'Light', halves: ['Light'] },
  { value: 'dark', label: 'Dark', halves: ['Dark'] },
]

export function AppearanceSection() {
  const theme = useThemeChoice()
  return (
    <>
      <PageHead title="Appearance" text="Kept in this browser only." />
      <Card>
        <RadioGroup
          className={styles.themes}
          value={theme}
          onValueChange={(value) => chooseTheme(value as ThemeChoice)}
          aria-label="Theme"
        >
          {LOOKS.map((look) => (
            <Radio.Root key={look.value} value={look.value} className={styles.theme} aria-label={look.label}>
              <div className={styles.sketch} aria-hidden="true">
                {look.halves.map((half) => (
                  <div key={half} className={cx(half === 'Light' ? styles.sketchLight : styles.sketchDark)}>
                    <i />
                    <i />
                    <i />
                  </div>
                ))}
              </div>
              <span>{look.label}</span>
            </Radio.Root>
          ))}
        </RadioGroup>
      </Card>
    </>
  )
}
