/** The body of a view that is not a grid, by its kind, and the menu of its cards. */
import { type MouseEvent, useState } from 'react'
import { Calendar } from '../calendar/Calendar'
import { Gallery } from '../gallery/Gallery'
import { Kanban } from '../kanban/Kanban'
import type { CardsBodyProps } from './body'
import { type AskedCard, CardMenu } from './CardMenu'
import styles from './Cards.module.css'

const BODIES = { kanban: Kanban, calendar: Calendar, gallery: Gallery } as const

export default function CardsBody(props: CardsBodyProps) {
  const { id, kind } = props.view
  const [asked, setAsked] = useState<AskedCard>()
  const Body = kind === 'grid' ? Gallery : BODIES[kind]
  const onContextMenu = (event: MouseEvent) => {
    const card = (event.target as Element).closest<HTMLElement>('[data-record]')
    const record = card?.dataset.record
    if (!card || !record) return
    event.preventDefault()
    const { x, y, width, height } = card.getBoundingClientRect()
    // The menu key has no place of its own.
    const byKey = event.clientX === 0 && event.clientY === 0
    const at = byKey ? { x, y, width, height } : { x: event.clientX, y: event.clientY, width: 0, height: 0 }
    setAsked({ id: record, at })
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: cards have their keys; this is their second button
    <div className={styles.all} onContextMenu={onContextMenu}>
      {/* Another view of the same kind begins anew: its stacks and days are other ones. */}
      <Body key={id} {...props} />
      {asked && <CardMenu {...props} asked={asked} onClose={() => setAsked(undefined)} />}
    </div>
  )
}
