import { api } from '../api/client'
import type { Change, ChangesAnswer, LiveMessage } from '../api/types'
import { Here } from '../presence/here'
import { forgetPeople, setPeople } from '../presence/people'
import { setComputing } from './computing'
import { tellHappening } from './happenings'
import { LiveChannel } from './live'
import { VersionTrack } from './versions'

interface IncomingPorts {
  /** Whether an own edit is under way. */
  busy(): boolean
  taken(change: Change, own: boolean): void
  /** Too much was missed: everything on screen is to be read again. */
  startOver(version: number): void
  connected(): void
  /** A plugin was switched: computed cells may say something else now. */
  switched(): void
}

/** What others change: heard on the live channel, put in order, and gaps filled. */
export class Incoming {
  readonly track: VersionTrack
  readonly live: LiveChannel
  readonly here: Here
  private readonly ports: IncomingPorts
  private readonly waiting: Change[] = []
  private catching = false
  private moreMissing = false

  constructor(ports: IncomingPorts) {
    this.ports = ports
    this.track = new VersionTrack(
      (change, own) => ports.taken(change, own),
      (since) => void this.catchUp(since),
    )
    this.live = new LiveChannel({
      since: () => this.track.applied,
      message: (message) => this.heard(message),
      status: (connected) => {
        if (!connected) {
          forgetPeople()
          return
        }
        this.here.connected()
        ports.connected()
      },
    })
    this.here = new Here((text) => this.live.say(text))
  }

  open(): void {
    this.live.open()
    this.here.start()
  }

  close(): void {
    this.here.stop()
    this.live.close()
    forgetPeople()
  }

  /** Hands on what waited for the answer to an own edit. */
  flush(): void {
    for (const change of this.waiting.splice(0)) this.track.heard(change)
  }

  private heard(message: LiveMessage): void {
    if (message.type === 'hello') {
      setComputing({ done: 0, total: 0 }) // its end may have been missed
      if (message.reset) this.ports.startOver(message.version)
      else for (const change of message.changes) this.hear(change)
    } else if (message.type === 'change') {
      this.hear(message.change)
      tellHappening()
    } else if (message.type === 'activity') tellHappening()
    else if (message.type === 'plugins') this.ports.switched()
    else if (message.type === 'computing') setComputing(message)
    else if (message.type === 'presence') setPeople(message)
  }

  /** While an own edit is under way its echo may come first: wait for the answer, which tells what is whose. */
  private hear(change: Change): void {
    if (this.ports.busy()) this.waiting.push(change)
    else this.track.heard(change)
  }

  /** Reads what is missing; what comes after a gap meanwhile is read too, else it would be missing in its turn. */
  private async catchUp(since: number): Promise<void> {
    if (this.catching) {
      this.moreMissing = true
      return
    }
    this.catching = true
    try {
      const answer = await api.get<ChangesAnswer>('/api/changes', { query: { since } })
      if (answer.reset) this.ports.startOver(answer.version)
      else for (const change of answer.changes) this.hear(change)
    } catch {
      this.moreMissing = false
      this.live.renew() // its greeting brings everything from where we are
    } finally {
      this.catching = false
    }
    if (!this.moreMissing) return
    this.moreMissing = false
    await this.catchUp(this.track.applied)
  }
}
