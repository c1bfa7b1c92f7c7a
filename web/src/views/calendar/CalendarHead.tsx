/** The head of a calendar: steps through months or weeks, what is on show, and what could not be shown. */
import { ChevronLeft, ChevronRight, PanelRightClose, PanelRightOpen } from 'lucide-react'
import { Button, IconButton } from '../../ui/Button'
import { Notice } from '../../ui/Feedback'
import { Segments } from '../../ui/Segments'
import styles from './Calendar.module.css'
import { inWords, type Scale, stepped, titleOf } from './days'

interface CalendarHeadProps {
  day: string
  now: string
  scale: Scale
  weeks: readonly string[][]
  /** How many records stand on the days on show, and how many of them at most are drawn. */
  total: number
  most: number
  /** The day of the last one drawn. */
  upTo: string | undefined
  noun: string
  listed: boolean
  /** Undefined goes to today, whatever day that is. */
  onDay: (day: string | undefined) => void
  onScale: (scale: Scale) => void
  onList: () => void
}

export function CalendarHead(props: CalendarHeadProps) {
  const { day, now, scale, weeks, total, most, upTo, noun, listed, onDay, onScale, onList } = props
  const step = (by: -1 | 1) => onDay(stepped(day, scale, by))
  return (
    <>
      <div className={styles.head}>
        <Button size="small" onClick={() => onDay(undefined)} disabled={day === now && weeks.flat().includes(now)}>
          Today
        </Button>
        <IconButton label={`Previous ${scale}`} size="small" onClick={() => step(-1)}>
          <ChevronLeft size={15} />
        </IconButton>
        <IconButton label={`Next ${scale}`} size="small" onClick={() => step(1)}>
          <ChevronRight size={15} />
        </IconButton>
        <h2 className={styles.title} aria-live="polite">
          {titleOf(day, scale)}
        </h2>
        <span className={styles.count}>
          {total.toLocaleString('en-US')} {noun}
        </span>
        <span className={styles.right}>
          <Segments
            label="How much is shown"
            value={scale}
            onChange={onScale}
            options={[
              { value: 'month', label: 'Month' },
              { value: 'week', label: 'Week' },
            ]}
          />
          <IconButton
            label={listed ? 'Hide records without a day' : 'Show records without a day'}
            size="small"
            onClick={onList}
          >
            {listed ? <PanelRightClose size={14} /> : <PanelRightOpen size={14} />}
          </IconButton>
        </span>
      </div>
      {total > most && (
        <Notice tone="warning" title={`${most.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} are shown.`}>
          {upTo === undefined ? 'The first ones' : `Those up to ${inWords(upTo)}`} are here; the days behind it are not
          complete. Narrow the view with a filter{scale === 'month' ? ', or look at one week' : ''}.
        </Notice>
      )}
    </>
  )
}
