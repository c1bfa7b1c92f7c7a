/** The body of a view that is not a grid, by its kind. */
import { Calendar } from '../calendar/Calendar'
import { Gallery } from '../gallery/Gallery'
import { Kanban } from '../kanban/Kanban'
import type { CardsBodyProps } from './body'

export default function CardsBody(props: CardsBodyProps) {
  // Another view of the same kind begins anew: its stacks and days are other ones.
  const { id, kind } = props.view
  if (kind === 'kanban') return <Kanban key={id} {...props} />
  if (kind === 'calendar') return <Calendar key={id} {...props} />
  return <Gallery key={id} {...props} />
}
