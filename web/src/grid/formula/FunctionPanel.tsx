/** The reference beside the editor: every function with what it does and examples; it follows the caret. */
import { ChevronLeft, Search } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { FormulaExample, FormulaFunction } from '../../api/formulas'
import { Button } from '../../ui/Button'
import { Input } from '../../ui/Field'
import styles from './Formula.module.css'
import { FormulaText } from './FormulaText'
import { tokenize } from './tokens'
import { categoryWord } from './words'

interface FunctionPanelProps {
  functions: readonly FormulaFunction[]
  /** The function around the caret. */
  around: string | undefined
  onInsert: (found: FormulaFunction) => void
}

export function FunctionPanel({ functions, around, onInsert }: FunctionPanelProps) {
  const [wanted, setWanted] = useState('')
  const [picked, setPicked] = useState<{ name: string | undefined; while: string | undefined }>()
  // What somebody looked up stays until the caret comes into another function.
  const name = picked && picked.while === around ? picked.name : around
  const shown = wanted === '' ? functions.find((one) => one.name === name) : undefined
  const groups = useMemo(() => grouped(functions, wanted), [functions, wanted])
  return (
    <aside className={styles.panel} aria-label="Functions">
      <div className={styles.panelSearch}>
        <Search size={13} aria-hidden="true" />
        <Input value={wanted} onChange={setWanted} placeholder="Find a function" aria-label="Find a function" />
      </div>
      {shown ? (
        <About
          function={shown}
          onBack={() => setPicked({ name: undefined, while: around })}
          onInsert={() => onInsert(shown)}
        />
      ) : (
        <div className={styles.panelList}>
          {groups.map(([category, found]) => (
            <section key={category}>
              <h3 className={styles.panelGroup}>{categoryWord(category)}</h3>
              {found.map((one) => (
                <button
                  key={one.name}
                  type="button"
                  className={styles.panelItem}
                  title={one.summary}
                  onClick={() => {
                    setWanted('')
                    setPicked({ name: one.name, while: around })
                  }}
                >
                  {one.name}
                </button>
              ))}
            </section>
          ))}
          {groups.length === 0 && <p className={styles.nothing}>No function by that name.</p>}
        </div>
      )}
    </aside>
  )
}

function About({
  function: one,
  onBack,
  onInsert,
}: {
  function: FormulaFunction
  onBack: () => void
  onInsert: () => void
}) {
  return (
    <div className={styles.about}>
      <button type="button" className={styles.back} onClick={onBack}>
        <ChevronLeft size={13} /> All functions
      </button>
      <h3 className={styles.aboutName}>{one.name}</h3>
      <code className={styles.signature}>{one.signature}</code>
      <p>{one.summary}</p>
      {one.volatile !== '' && <p className={styles.quiet}>Its result changes by itself with the {one.volatile}.</p>}
      {one.plugin !== 'formulas' && <p className={styles.quiet}>From the plugin {one.plugin}.</p>}
      {one.examples.slice(0, 4).map((example) => (
        <Example key={example.formula} example={example} />
      ))}
      <Button size="small" onClick={onInsert}>
        Insert {one.name}
      </Button>
    </div>
  )
}

function Example({ example }: { example: FormulaExample }) {
  const tokens = useMemo(() => tokenize(example.formula), [example.formula])
  const given = Object.entries(example.fields).map(([name, value]) => `${name} = ${written(value)}`)
  return (
    <div className={styles.example}>
      <FormulaText tokens={tokens} />
      {given.length > 0 && <div className={styles.quiet}>with {given.join(', ')}</div>}
      <div className={styles.exampleResult}>{example.error ? `error: ${example.error}` : written(example.result)}</div>
    </div>
  )
}

function written(value: unknown): string {
  if (value === null || value === undefined) return 'blank'
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\d/.test(value) ? value.replace('T00:00:00Z', '') : `“${value}”`
  return String(value)
}

function grouped(functions: readonly FormulaFunction[], wanted: string): [string, FormulaFunction[]][] {
  const word = wanted.trim().toLowerCase()
  const groups = new Map<string, FormulaFunction[]>()
  for (const one of functions) {
    if (!one.name.toLowerCase().includes(word) && !(word.length > 2 && one.summary.toLowerCase().includes(word)))
      continue
    groups.set(one.category, [...(groups.get(one.category) ?? []), one])
  }
  return [...groups]
}
