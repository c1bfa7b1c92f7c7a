/** Colours records: by the options of a single select, or by conditions of which the first that fits counts. */
import { ArrowUp, Plus, X } from 'lucide-react'
import { useState } from 'react'
import type { Filter, RowColor } from '../../api/types'
import { Button, IconButton } from '../../ui/Button'
import { Menu, MenuRadio } from '../../ui/Menu'
import { Segments } from '../../ui/Segments'
import { Select } from '../../ui/Select'
import { KindIcon } from '../kinds/KindIcon'
import { FilterForm } from './FilterForm'
import type { ViewProps } from './Toolbar'
import styles from './Toolbar.module.css'

export const COLORS = ['gray', 'red', 'orange', 'yellow', 'green', 'teal', 'cyan', 'blue', 'purple', 'pink'] as const

type Way = 'none' | 'select' | 'rules'
interface Rule {
  readonly filter: Filter
  readonly color: string
}

function wayOf(color: RowColor | null | undefined): Way {
  if (color?.field) return 'select'
  return color?.rules?.length ? 'rules' : 'none'
}

export function ColorForm(props: ViewProps) {
  const { setting, config, onConfig } = props
  const [way, setWay] = useState<Way>(wayOf(config.color))
  const selects = setting.table.fields.filter((field) => field.kind === 'single_select' && field.archived_at === null)
  const first = selects.find((field) => field.key === 'stage') ?? selects[0]
  const change = (next: Way) => {
    setWay(next)
    if (next === 'none') onConfig({ color: null })
    if (next === 'select' && first) onConfig({ color: { field: first.id } })
    if (next === 'rules') onConfig({ color: null })
  }
  return (
    <div className={styles.color}>
      <Segments
        label="How records are coloured"
        value={way}
        onChange={change}
        options={[
          { value: 'none', label: 'No colour' },
          { value: 'select', label: 'By a select' },
          { value: 'rules', label: 'By conditions' },
        ]}
      />
      {way === 'select' &&
        (first ? (
          <Select
            label="Field"
            value={config.color?.field ?? null}
            onChange={(field) => onConfig({ color: { field } })}
            options={selects.map((one) => ({ value: one.id, label: one.name, icon: <KindIcon kind={one.kind} /> }))}
          />
        ) : (
          <p className={styles.note}>This table has no single select field.</p>
        ))}
      {way === 'rules' && <Rules {...props} />}
    </div>
  )
}

function Rules(props: ViewProps) {
  const { config, onConfig } = props
  const [rules, setRules] = useState<readonly Rule[]>(
    config.color?.rules?.length ? config.color.rules : [{ filter: { and: [] }, color: 'red' }],
  )
  const change = (next: readonly Rule[]) => {
    setRules(next)
    // A rule without conditions would colour everything: it waits until it says something.
    const said = next.filter(({ filter }) => !('and' in filter && filter.and.length === 0))
    onConfig({ color: said.length > 0 ? { rules: said } : null })
  }
  const put = (at: number, patch: Partial<Rule>) =>
    change(rules.map((rule, index) => (index === at ? { ...rule, ...patch } : rule)))
  const raise = (at: number) => {
    const [above, rule] = [rules[at - 1], rules[at]]
    if (above && rule) change(rules.map((one, index) => (index === at ? above : index === at - 1 ? rule : one)))
  }
  return (
    <>
      {rules.map((rule, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rules have no names of their own
        <fieldset key={`${at} ${rules.length}`} className={styles.rule} aria-label={`Rule ${at + 1}`}>
          <div className={styles.ruleHead}>
            <ColorPick color={rule.color} onChange={(color) => put(at, { color })} />
            <span className={styles.note}>{at === 0 ? 'when' : 'else when'}</span>
            <IconButton label="This rule earlier" size="small" disabled={at === 0} onClick={() => raise(at)}>
              <ArrowUp size={13} />
            </IconButton>
            <IconButton
              label="Remove this rule"
              size="small"
              onClick={() => change(rules.filter((_, index) => index !== at))}
            >
              <X size={13} />
            </IconButton>
          </div>
          <FilterForm
            {...props}
            config={{ filter: rule.filter }}
            onConfig={({ filter }) => put(at, { filter: filter ?? { and: [] } })}
          />
        </fieldset>
      ))}
      <Button
        size="small"
        variant="ghost"
        icon={<Plus size={13} />}
        onClick={() =>
          change([...rules, { filter: { and: [] }, color: COLORS[(rules.length * 4 + 1) % 10] ?? 'blue' }])
        }
      >
        Add a rule
      </Button>
    </>
  )
}

function ColorPick({ color, onChange }: { color: string; onChange: (color: string) => void }) {
  return (
    <Menu
      label="Colour"
      trigger={
        <button type="button" className={styles.swatchButton} aria-label={`Colour: ${color}`}>
          <Swatch color={color} />
        </button>
      }
    >
      <MenuRadio
        value={color}
        onChange={onChange}
        options={COLORS.map((one) => ({ value: one as string, label: one, icon: <Swatch color={one} /> }))}
      />
    </Menu>
  )
}

function Swatch({ color }: { color: string }) {
  return <span className={styles.swatch} style={{ background: `var(--pill-${color}-fg)` }} aria-hidden="true" />
}
