/** Who else is at this table, at the right of the toolbar; a press goes to where they are. */
import { useMemo } from 'react'
import { useSession } from '../api/queries'
import type { Someone, Table } from '../api/types'
import type { GridModel } from '../grid/model'
import { Avatar } from '../ui/Avatar'
import { Popover } from '../ui/Popover'
import { Tooltip } from '../ui/Tooltip'
import styles from './Presence.module.css'
import { othersAt, usePeople } from './people'

const SHOWN = 4

interface AvatarsProps {
  model: GridModel
  table: Table
  onGo: (someone: Someone) => void
}

export function Avatars({ model, table, onGo }: AvatarsProps) {
  const { data: session } = useSession()
  const user = session?.user?.id ?? ''
  const here = usePeople()
  const others = useMemo(() => othersAt(here, table.id, user), [here, table.id, user])
  if (others.length === 0) return null
  const hidden = others.length - SHOWN
  const shown = hidden > 1 ? others.slice(0, SHOWN) : others
  const where = (one: Someone) => cellName(model, table, one) ?? viewName(table, one)
  const face = (one: Someone) => (
    <button type="button" className={styles.face} aria-label={`${one.name}, ${where(one)}`} onClick={() => onGo(one)}>
      <Avatar id={one.user} name={one.name} size={24} />
    </button>
  )
  return (
    <ul className={styles.people} aria-label="Who else is here">
      {shown.map((one) => (
        <li key={one.user}>
          <Tooltip text={`${one.name} · ${where(one)}`}>{face(one)}</Tooltip>
        </li>
      ))}
      {hidden > 1 && (
        <li>
          <Popover
            label="Who else is here"
            trigger={
              <button type="button" className={styles.rest} aria-label={`${hidden + here.more} more are here`}>
                +{hidden + here.more}
              </button>
            }
          >
            <ul className={styles.list}>
              {others.map((one) => (
                <li key={one.user}>
                  <button type="button" className={styles.line} onClick={() => onGo(one)}>
                    <Avatar id={one.user} name={one.name} size={22} />
                    <span className={styles.name}>{one.name}</span>
                    <span className={styles.where}>{where(one)}</span>
                  </button>
                </li>
              ))}
              {here.more > 0 && <li className={styles.where}>and {here.more} more</li>}
            </ul>
          </Popover>
        </li>
      )}
    </ul>
  )
}

function viewName(table: Table, { view }: Someone): string {
  const found = table.views.find(({ id }) => id === view)
  return found ? `looks at ${found.name}` : `looks at ${table.name}`
}

/** `in City of Oak Capital`, as far as it is known here. */
function cellName(model: GridModel, table: Table, { record, field: id }: Someone): string | undefined {
  const field = table.fields.find((one) => one.id === id)
  if (record === undefined || !field) return undefined
  const primary = table.fields.find((one) => one.id === table.primary_field)
  const value = primary && model.rows.cellOf(record, primary.id)
  const name = primary && value !== undefined ? model.textOf(primary, value) : ''
  return name === '' ? `in ${field.name}` : `in ${field.name} of ${name}`
}
