import type { LiveMessage } from '../api/types'

export interface LivePorts {
  /** Version to go on from. */
  since(): number
  message(message: LiveMessage): void
  status(connected: boolean): void
}

const FIRST_PAUSE = 500
const LONGEST_PAUSE = 15_000
/** The server says something at least every 20 s; silence for longer means a dead line. */
const SILENCE = 45_000

/** The live channel: connects, listens, and connects again with growing pauses from the last version it saw. */
export class LiveChannel {
  private readonly ports: LivePorts
  private socket: WebSocket | undefined
  private pause = FIRST_PAUSE
  private retry: ReturnType<typeof setTimeout> | undefined
  private watchdog: ReturnType<typeof setTimeout> | undefined
  private closed = true
  private greeted = false

  constructor(ports: LivePorts) {
    this.ports = ports
  }

  open(): void {
    this.closed = false
    this.connect()
  }

  private connect(): void {
    if (this.closed || this.socket) return
    clearTimeout(this.retry)
    const { protocol, host } = window.location
    const socket = new WebSocket(
      `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/api/live?since=${this.ports.since()}`,
    )
    this.socket = socket
    socket.onmessage = (event: MessageEvent<string>) => this.heard(event.data)
    socket.onclose = () => this.lost(socket)
    socket.onerror = () => socket.close()
    this.listen(socket)
  }

  private heard(text: string): void {
    if (this.socket) this.listen(this.socket)
    const message = JSON.parse(text) as LiveMessage
    if (message.type === 'hello') {
      this.pause = FIRST_PAUSE
      this.greeted = true
      this.ports.status(true)
    }
    this.ports.message(message)
  }

  private listen(socket: WebSocket): void {
    clearTimeout(this.watchdog)
    this.watchdog = setTimeout(() => socket.close(), SILENCE)
  }

  private lost(socket: WebSocket): void {
    if (this.socket !== socket) return
    this.socket = undefined
    this.greeted = false
    clearTimeout(this.watchdog)
    if (this.closed) return
    this.ports.status(false)
    // A spread, so that a restarted server is not met by all browsers in the same moment.
    this.retry = setTimeout(() => this.connect(), this.pause * (0.7 + Math.random() * 0.6))
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE)
  }

  /** Says something to the server; false when nobody is listening now. */
  say(text: string): boolean {
    if (!this.greeted || this.socket?.readyState !== WebSocket.OPEN) return false
    this.socket.send(text)
    return true
  }

  /** Try at once to connect, if not connected. */
  hurry(): void {
    this.pause = FIRST_PAUSE
    this.connect()
  }

  /**
   * The browser says that the network went or came: an old line is dead without anybody saying so. Begins a new one,
   * which also works where the server is on this machine and no network is needed.
   */
  renew(): void {
    const { socket } = this
    if (socket) {
      this.lost(socket)
      socket.close()
    }
    this.hurry()
  }

  /** Hangs up, and calls nobody until it is opened again. */
  close(): void {
    this.closed = true
    const { socket } = this
    if (socket) {
      this.lost(socket)
      socket.close()
    }
    clearTimeout(this.retry)
  }
}
