/** One table in the row of tabs: opens it, is renamed by a double click, dragged to its place, and has a menu. */
import { type DragEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { Table } from '../api/types'
import { paths } from '../pages/paths'
import styles from './Frame.module.css'
import { type TableDeeds, TableMenu } from './TableMenu'

const DRAGGED = 'application/x-crm-table'

interface TableTabProps {
  table: Table
  open: boolean
  renaming: boolean
  deeds: TableDeeds
  onRename: (name: string | undefined) => void
  /** A tab was let go on this one, on its left or right half. */
  onDrop: (moved: string, side: 'left' | 'right') => void
}

export function TableTab({ table, open, renaming, deeds, onRename, onDrop }: TableTabProps) {
  const [over, setOver] = useState<'left' | 'right'>()
  if (renaming) return <Renaming name={table.name} onDone={onRename} />
  const half = (event: DragEvent): 'left' | 'right' => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    return event.clientX < left + width / 2 ? 'left' : 'right'
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dragging has its way by keys in the menu
    <span
      className={styles.tabSlot}
      data-open={open || undefined}
      data-over={over}
      draggable
      onDragStart={(event) => event.dataTransfer.setData(DRAGGED, table.id)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAGGED)) return
        event.preventDefault()
        setOver(half(event))
      }}
      onDragLeave={() => setOver(undefined)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(undefined)
        onDrop(event.dataTransfer.getData(DRAGGED), half(event))
      }}
    >
      <Link
        href={paths.table(table.key)}
        className={styles.tab ?? ''}
        aria-current={open ? 'page' : undefined}
        draggable={false}
        onDoubleClick={deeds.rename}
      >
        {table.name}
      </Link>
      {open && <TableMenu table={table} deeds={deeds} />}
    </span>
  )
}

function Renaming({ name, onDone }: { name: string; onDone: (name: string | undefined) => void }) {
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    box.current?.focus()
    box.current?.select()
  }, [])
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') event.currentTarget.value = name
    if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur()
  }
  return (
    <input
      ref={box}
      className={styles.tabName}
      aria-label="Name of the table"
      defaultValue={name}
      size={Math.max(8, name.length)}
      maxLength={200}
      onKeyDown={onKeyDown}
      onBlur={(event) => onDone(event.currentTarget.value.trim() || undefined)}
    />
  )
}
