/** Tells the others where this window's person is: at once when it is quiet, else a moment later, and never too often. */
import type { FieldId, RecordId, TableId, ViewId } from '../api/types'

export interface Place {
  readonly table?: TableId
  /** A view that others can see too. */
  readonly view?: ViewId
  readonly record?: RecordId
  readonly field?: FieldId
}

/** Between two messages. */
const PAUSE = 250
/** The server forgets who says nothing for three times as long. */
const RENEWAL = 25_000
/** A window that nobody sees for as long is away. */
const HIDDEN = 60_000
const AWAY = JSON.stringify({ type: 'here' })

export class Here {
  private readonly send: (text: string) => boolean
  private place: Place = {}
  private told: string | undefined = AWAY
  private last = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private renewal: ReturnType<typeof setInterval> | undefined
  private hiding: ReturnType<typeof setTimeout> | undefined
  private away = false

  /** `send` answers false when nothing can be sent now. */
  constructor(send: (text: string) => boolean) {
    this.send = send
  }

  start(): void {
    this.renewal = setInterval(() => this.renew(), RENEWAL)
    document.addEventListener('visibilitychange', this.seen)
  }

  stop(): void {
    clearInterval(this.renewal)
    clearTimeout(this.timer)
    this.timer = undefined
    clearTimeout(this.hiding)
    document.removeEventListener('visibilitychange', this.seen)
  }

  /** The table and view on show, in no cell yet; without a table the person is elsewhere. */
  look(at: Pick<Place, 'table' | 'view'>): void {
    const same = at.table === this.place.table && at.view === this.place.view
    if (!same) this.move(at)
  }

  /** The cell of the table on show that the person stands in. */
  stand(at: Pick<Place, 'record' | 'field'>): void {
    const { table, view } = this.place
    this.move({ table, view, ...at })
  }

  /** The channel is new: on the other side nothing is known yet. */
  connected(): void {
    this.told = AWAY
    this.soon()
  }

  /** Says it again before it is forgotten. */
  private renew(): void {
    if (this.told !== AWAY) this.told = undefined
    this.soon()
  }

  private move(place: Place): void {
    this.place = place
    this.soon()
  }

  private readonly seen = (): void => {
    clearTimeout(this.hiding)
    const leave = (): void => {
      this.away = true
      this.soon()
    }
    if (document.visibilityState === 'hidden') this.hiding = setTimeout(leave, HIDDEN)
    else {
      this.away = false
      this.soon()
    }
  }

  private soon(): void {
    if (this.timer !== undefined) return
    const wait = this.last + PAUSE - Date.now()
    if (wait <= 0) this.tell()
    else this.timer = setTimeout(() => this.tell(), wait)
  }

  private tell(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const text = JSON.stringify({ type: 'here', ...(this.away ? {} : this.place) })
    if (text === this.told) return
    if (!this.send(text)) return
    this.told = text
    this.last = Date.now()
  }
}
