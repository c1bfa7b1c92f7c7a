/** One table in the row of tabs: opens it, is renamed by a double click, dragged to its place, and has a menu. */
import { type DragEvent, useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { Table } from '../api/types'
import { paths } from '../pages/paths'
import { NameInput } from '../ui/NameInput'
import styles from './Frame.module.css'
import { type TableDeeds, TableMenu } from './TableMenu'

const DRAGGED = 'application/x-crm-table'

interface TableTabProps {
  table: Table
  open: boolean
  renaming: boolean
  deeds: TableDeeds
  onRename: (name: string) => void
  /** A tab was let go on this one, on its left or right half. */
  onDrop: (moved: string, side: 'left' | 'right') => void
}

export function TableTab({ table, open, renaming, deeds, onRename, onDrop }: TableTabProps) {
  const [over, setOver] = useState<'left' | 'right'>()
  const slot = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    if (open) slot.current?.scrollIntoView({ inline: 'nearest', block: 'nearest' })
  }, [open])
  if (renaming) {
    return <NameInput label="Name of the table" className={styles.tabName} name={table.name} onDone={onRename} />
  }
  const half = (event: DragEvent): 'left' | 'right' => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    return event.clientX < left + width / 2 ? 'left' : 'right'
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dragging has its way by keys in the menu
    <span
      ref={slot}
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
