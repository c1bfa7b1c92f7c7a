/** What will lead to the record that stays: links from other tables, comments, activities. */
import { ArrowRight } from 'lucide-react'
import type { MergePreview } from '../../api/merging'
import type { Table } from '../../api/types'
import styles from './Merge.module.css'

interface MovesProps {
  preview: MergePreview
  table: Table
  tables: readonly Table[]
}

export function Moves({ preview, table, tables }: MovesProps) {
  const parts = movesOf(preview, tables)
  const into = preview.records.find(({ id }) => id === preview.into)?.name || `the ${table.name_one.toLowerCase()}`
  if (parts.length === 0) {
    return <p className={styles.moves}>Nothing links to the others, and nothing hangs on them.</p>
  }
  return (
    <p className={styles.moves}>
      <ArrowRight size={14} aria-hidden="true" />
      <span>
        Will lead to {into}: <strong>{parts.join(', ')}</strong>
      </span>
    </p>
  )
}

/** `3 contacts`, `1 comment`: what moves, in words. */
export function movesOf(preview: MergePreview, tables: readonly Table[]): string[] {
  const counts = new Map<string, number>()
  for (const { table, count } of preview.links) counts.set(table, (counts.get(table) ?? 0) + count)
  const linked = [...counts].flatMap(([id, count]) => {
    const other = tables.find((table) => table.id === id)
    return other ? [counted(count, other.name_one.toLowerCase(), other.name.toLowerCase())] : []
  })
  const { comments, activities } = preview
  return [
    ...linked,
    ...(comments > 0 ? [counted(comments, 'comment', 'comments')] : []),
    ...(activities > 0 ? [counted(activities, 'activity', 'activities')] : []),
  ]
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
}
