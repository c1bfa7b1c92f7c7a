/** A one-line input that says by its icon that it searches. */
import { Search } from 'lucide-react'
import { cx } from './classes'
import { Input } from './Field'
import styles from './Field.module.css'

interface SearchInputProps {
  label: string
  value: string
  onChange: (value: string) => void
  className?: string
}

export function SearchInput({ label, value, onChange, className }: SearchInputProps) {
  return (
    <span className={cx(styles.search, className)}>
      <Search size={14} aria-hidden="true" />
      <Input type="search" aria-label={label} placeholder="Search" value={value} onChange={onChange} />
    </span>
  )
}
