/** The clock of the toolbar: leads to the table as it was at the end of a day. */
import { History } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { paths } from '../pages/paths'
import { Button, IconButton } from '../ui/Button'
import { DayInput } from '../ui/DayInput'
import { Popover } from '../ui/Popover'
import { dayBefore } from './moment'
import styles from './Past.module.css'

const STEPS = [
  ['Yesterday', 1],
  ['A week ago', 7],
  ['A month ago', 30],
  ['A year ago', 365],
] as const

export function PastButton({ table, view }: { table: string; view?: string }) {
  const [, navigate] = useLocation()
  const [open, setOpen] = useState(false)
  const [day, setDay] = useState(dayBefore(1))
  const go = (to: string) => {
    setOpen(false)
    navigate(paths.past(table, to, view))
  }
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label="See an earlier state"
      className={styles.picker}
      trigger={
        <IconButton label="See an earlier state" size="small">
          <History size={14} />
        </IconButton>
      }
    >
      <strong>See the table as it was</strong>
      <form
        className={styles.pick}
        onSubmit={(event) => {
          event.preventDefault()
          if (day) go(day)
        }}
      >
        <DayInput size="small" label="At the end of" value={day} max={dayBefore(0)} onChange={setDay} />
        <Button type="submit" variant="primary" size="small" disabled={!day}>
          Show
        </Button>
      </form>
      <div className={styles.steps}>
        {STEPS.map(([label, days]) => (
          <Button key={days} size="small" onClick={() => go(dayBefore(days))}>
            {label}
          </Button>
        ))}
      </div>
    </Popover>
  )
}
