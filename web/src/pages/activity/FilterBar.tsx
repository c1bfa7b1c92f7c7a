/** What of the feed is shown: words, kind, person, table and time, each kept in the address. */
import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useSession, useTables, useUsers } from '../../api/queries'
import { Avatar } from '../../ui/Avatar'
import { Button } from '../../ui/Button'
import { DayInput } from '../../ui/DayInput'
import { SearchInput } from '../../ui/SearchInput'
import { Select, type SelectOption } from '../../ui/Select'
import styles from './Activity.module.css'
import type { Filters } from './types'

const TEAM_KINDS = [
  ['records', 'Records and fields'],
  ['imports', 'Imports'],
  ['comments', 'Comments and tasks'],
  ['requests', 'Feature requests'],
] as const
const ADMIN_KINDS = [
  ['mail', 'Mail'],
  ['automation', 'Automation'],
  ['backups', 'Backups'],
  ['people', 'People and invitations'],
  ['security', 'Sign-ins and security'],
  ['plugins', 'Plugins'],
] as const
const SPANS = { '': 'Any time', '0': 'Today', '7': 'Past 7 days', '30': 'Past 30 days', own: 'Between…' } as const
const TYPING_MS = 300

interface FilterBarProps {
  filters: Filters
  /** What the one record is called, when the filters name one. */
  record: string | undefined
  onChange: (filters: Filters) => void
}

/** A local day, so many days ago. */
function daysAgo(days: number): string {
  const day = new Date()
  day.setDate(day.getDate() - days)
  day.setMinutes(day.getMinutes() - day.getTimezoneOffset())
  return day.toISOString().slice(0, 10)
}

function spanOf({ start, end }: Filters): keyof typeof SPANS {
  if (!start && !end) return ''
  if (!end) for (const days of ['0', '7', '30'] as const) if (start === daysAgo(Number(days))) return days
  return 'own'
}

export function FilterBar({ filters, record, onChange }: FilterBarProps) {
  const { data: session } = useSession()
  const { data: users } = useUsers()
  const { data: tables } = useTables()
  const [text, setText] = useState(filters.text ?? '')
  const set = (more: Filters) => onChange({ ...filters, ...more })
  const any = Object.keys(filters).length > 0

  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the wait
  useEffect(() => {
    if (text === (filters.text ?? '')) return
    const timer = setTimeout(() => set({ text }), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text])

  const kinds = session?.user?.role === 'admin' ? [...TEAM_KINDS, ...ADMIN_KINDS] : TEAM_KINDS
  const known = kinds.some(([value]) => value === filters.kind) || !filters.kind
  const kindOptions: SelectOption<string>[] = [
    { value: '', label: 'Everything' },
    ...kinds.map(([value, label]) => ({ value, label })),
    ...(known ? [] : [{ value: filters.kind ?? '', label: 'Several kinds' }]),
  ]
  const people: SelectOption<string>[] = [
    { value: '', label: 'Everybody' },
    ...(users ?? []).map((user) => ({
      value: user.id,
      label: user.name,
      icon: <Avatar id={user.id} name={user.name} size={18} />,
    })),
    { value: 'system', label: 'The CRM itself' },
  ]
  const span = spanOf(filters)
  return (
    <div className={styles.filters} role="search" aria-label="Filter the activity">
      <SearchInput label="Search the activity" className={styles.search} value={text} onChange={setText} />
      <Select label="Kind" value={filters.kind ?? ''} onChange={(kind) => set({ kind })} options={kindOptions} />
      <Select label="Person" value={filters.by ?? ''} onChange={(by) => set({ by })} options={people} />
      <Select
        label="Table"
        value={filters.table ?? ''}
        onChange={(table) => set({ table, record: '' })}
        options={[
          { value: '', label: 'All tables' },
          ...(tables?.tables ?? []).map((table) => ({ value: table.key, label: table.name })),
        ]}
      />
      <Select
        label="Time"
        value={span}
        onChange={(next) =>
          set(
            next === ''
              ? { start: '', end: '' }
              : { start: daysAgo(next === 'own' ? 30 : Number(next)), end: next === 'own' ? daysAgo(0) : '' },
          )
        }
        options={Object.entries(SPANS).map(([value, label]) => ({ value: value as keyof typeof SPANS, label }))}
      />
      {span === 'own' && (
        <span className={styles.between}>
          <DayInput label="From" value={filters.start ?? ''} max={filters.end} onChange={(start) => set({ start })} />
          <span aria-hidden="true">–</span>
          <DayInput label="To" value={filters.end ?? ''} min={filters.start} onChange={(end) => set({ end })} />
        </span>
      )}
      {filters.record && <span className={styles.chip}>Only {record ?? 'one record'}</span>}
      {any && (
        <Button
          size="small"
          variant="ghost"
          icon={<X size={13} />}
          onClick={() => {
            setText('')
            onChange({})
          }}
        >
          Clear
        </Button>
      )}
    </div>
  )
}
