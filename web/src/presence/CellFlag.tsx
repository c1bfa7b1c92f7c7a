/** In the record panel: the frame and the flag of somebody else who stands in the same cell. */
import { useSession } from '../api/queries'
import type { FieldId, RecordId, TableId } from '../api/types'
import { cellKey } from '../store/ops'
import styles from './Presence.module.css'
import { othersAt, usePeople } from './people'
import { marksOf } from './useCellMarks'

interface CellFlagProps {
  table: TableId
  record: RecordId
  field: FieldId
}

export function CellFlag({ table, record, field }: CellFlagProps) {
  const { data: session } = useSession()
  const user = session?.user?.id ?? ''
  // As one text, so that a move elsewhere draws nothing here.
  const mark = usePeople((here) => {
    if (here.people.length < 2) return ''
    const found = marksOf(othersAt(here, table, user)).get(cellKey(record, field))
    return found ? `${found.tone}/${found.name}` : ''
  })
  if (mark === '') return null
  const [tone = '', name = ''] = mark.split(/\/(.*)/s)
  return (
    <span className={styles.frame} style={{ color: `var(--pill-${tone}-fg)` }} data-other={name}>
      <span className={styles.flag}>
        <span>{name}</span>
      </span>
    </span>
  )
}
