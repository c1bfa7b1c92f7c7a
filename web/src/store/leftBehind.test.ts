import { beforeEach, describe, expect, it } from 'vitest'
import { ApiError } from '../api/client'
import type { ChangeAnswer, ChangeRequest, Op, Problem } from '../api/types'
import { DraftBox } from './drafts'
import { takeLeftBehind } from './leftBehind'
import { temporaryId } from './ops'
import { SaveQueue } from './saveQueue'
import { OpenWindows } from './windows'

/** Locks as the browser has them: one holder each, the next in line when it lets go or its window dies. */
class Locks {
  private readonly held = new Map<string, string>()
  private readonly waiting: { name: string; owner: string; start: () => void }[] = []

  of(owner: string): LockManager {
    const request = async (name: string, ...rest: unknown[]) => {
      const work = rest.at(-1) as () => unknown
      const signal = (rest.length > 1 ? (rest[0] as LockOptions).signal : undefined) ?? undefined
      await new Promise<void>((start, stop) => {
        signal?.addEventListener('abort', () => stop(signal.reason))
        this.waiting.push({ name, owner, start })
        this.next()
      })
      try {
        return await work()
      } finally {
        this.free(name, owner)
      }
    }
    return { request, query: async () => ({ held: [...this.held.keys()].map((name) => ({ name })) }) } as LockManager
  }

  private free(name: string, owner: string): void {
    if (this.held.get(name) === owner) this.held.delete(name)
    this.next()
  }

  private next(): void {
    for (const one of [...this.waiting]) {
      if (this.held.has(one.name)) continue
      this.held.set(one.name, one.owner)
      this.waiting.splice(this.waiting.indexOf(one), 1)
      one.start()
    }
  }

  kill(owner: string): void {
    for (const [name, holder] of [...this.held]) if (holder === owner) this.held.delete(name)
    for (const one of this.waiting.filter((each) => each.owner === owner))
      this.waiting.splice(this.waiting.indexOf(one), 1)
    this.next()
  }
}

/** Applies each change set once, as the real server does: by key, refusing another request under a known key. */
class Server {
  version = 5
  /** How often each piece of work was done, by its name. */
  readonly done = new Map<string, number>()
  readonly cell: string[] = []
  private readonly answers = new Map<string, { body: string; answer: ChangeAnswer }>()

  apply(request: ChangeRequest, key: string): ChangeAnswer {
    const body = JSON.stringify(request)
    const known = this.answers.get(key)
    if (known && known.body !== body) throw new ApiError({ status: 409, code: 'key_reused', detail: '' } as Problem)
    if (known) return known.answer
    this.version += 1
    const created: string[][] = []
    for (const op of request.ops) {
      if (op.op !== 'create') continue
      created.push(op.records.map((_, index) => `rec${this.version}${index}`))
      for (const { cells } of op.records) this.note(String(cells.name))
    }
    for (const op of request.ops) {
      if (op.op !== 'update') continue
      for (const { cells } of op.records) this.note(String(cells.name))
    }
    const change = {
      version: this.version,
      at: String(this.version),
      actor: null,
      source: '',
      reason: null,
      schema: false,
      tables: {},
      names: {},
    }
    const answer = { version: this.version, created, lost: 0, change }
    this.answers.set(key, { body, answer })
    return answer
  }

  private note(name: string): void {
    this.done.set(name, (this.done.get(name) ?? 0) + 1)
    this.cell.push(name)
  }
}

type Luck = 'arrives' | 'answer lost' | 'never arrives' | 'arrives late'

interface World {
  readonly locks: Locks
  readonly server: Server
  readonly refused: unknown[]
  luck: () => Luck
  /** Requests of dead windows that are still on their way. */
  readonly late: (() => void)[]
}

class Window {
  readonly queue: SaveQueue
  readonly ready: Promise<void>
  readonly id: string
  alive = true
  private wake: (() => void) | undefined

  constructor(
    private readonly world: World,
    name: string,
  ) {
    this.id = name
    const windows = new OpenWindows(name, world.locks.of(name))
    const drafts = new DraftBox('usr1', localStorage, name)
    this.queue = new SaveQueue(
      {
        change: (request, key) => this.send(request, key),
        undo: () => Promise.reject(new Error('no undo here')),
        pause: () => new Promise((resolve) => (this.wake = resolve)),
      },
      { acknowledged: () => {}, refused: (_, error) => world.refused.push(error), changed: () => {} },
      drafts,
    )
    const take = (draft: Parameters<SaveQueue['resend']>[0]) => void this.queue.resend(draft)
    this.ready = takeLeftBehind({ drafts, windows, queue: this.queue, take, tooOld: () => {} })
  }

  private async send(request: ChangeRequest, key: string): Promise<ChangeAnswer> {
    const luck = this.world.luck()
    const body = structuredClone(request)
    await tick()
    if (!this.alive) {
      if (luck !== 'never arrives') this.world.late.push(() => this.world.server.apply(body, key))
      return await new Promise(() => {})
    }
    if (luck === 'never arrives') throw offline()
    if (luck === 'arrives late') {
      this.world.late.push(() => this.world.server.apply(body, key))
      throw offline()
    }
    const answer = this.world.server.apply(body, key)
    await tick()
    if (!this.alive) return await new Promise(() => {})
    if (luck === 'answer lost') throw offline()
    return answer
  }

  again(): void {
    this.wake?.()
  }

  /** Closed or crashed: nothing of it runs any more, what it kept stays. */
  die(): void {
    this.alive = false
    this.queue.hold()
    this.world.locks.kill(this.id)
  }
}

const offline = () => new ApiError({ status: 0, code: 'offline', detail: '' } as Problem)
const tick = () => new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)))
const settle = async () => {
  for (let round = 0; round < 60; round += 1) await tick()
}

function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

function madeWorld(): World {
  return { locks: new Locks(), server: new Server(), refused: [], luck: () => 'arrives', late: [] }
}

function create(name: string): [Op[], string[][]] {
  return [[{ op: 'create', table: 't', records: [{ cells: { name } }] }], [[temporaryId()]]]
}

beforeEach(() => localStorage.clear())

describe('edits a window left behind', () => {
  it('are sent by the next window, once, though the server had applied them and only the answer was lost', async () => {
    const world = madeWorld()
    const first = new Window(world, 'one')
    await first.ready
    world.luck = () => 'answer lost'
    const [ops, temporary] = create('A')
    first.queue.add(ops, 5, temporary)
    await settle()
    expect(world.server.done.get('A')).toBe(1)
    first.die()
    world.luck = () => 'arrives'
    await new Window(world, 'two').ready
    await settle()
    expect(world.server.done.get('A')).toBe(1)
    expect(localStorage.length).toBe(0)
  })

  it('are left to a window that is still open', async () => {
    const world = madeWorld()
    const first = new Window(world, 'one')
    await first.ready
    world.luck = () => 'never arrives'
    first.queue.add(create('A')[0], 5)
    await settle()
    world.luck = () => 'arrives'
    const second = new Window(world, 'two')
    await second.ready
    await settle()
    expect(world.server.done.size).toBe(0)
    first.again()
    await settle()
    expect(world.server.done.get('A')).toBe(1)
  })

  it('are taken when their window goes a moment later, as on a reload', async () => {
    const world = madeWorld()
    const first = new Window(world, 'one')
    await first.ready
    world.luck = () => 'never arrives'
    first.queue.add(create('A')[0], 5)
    await settle()
    world.luck = () => 'arrives'
    await new Window(world, 'two').ready
    first.die()
    await settle()
    expect(world.server.done.get('A')).toBe(1)
  })

  it('go before what is typed while they are looked for', async () => {
    const world = madeWorld()
    const first = new Window(world, 'one')
    await first.ready
    world.luck = () => 'never arrives'
    first.queue.add([{ op: 'update', table: 't', records: [{ id: 'r', cells: { name: 'old' } }] }], 5)
    await settle()
    first.die()
    world.luck = () => 'arrives'
    const second = new Window(world, 'two')
    second.queue.add([{ op: 'update', table: 't', records: [{ id: 'r', cells: { name: 'new' } }] }], 5)
    await second.ready
    await settle()
    expect(world.server.cell).toEqual(['old', 'new'])
  })

  it.each(Array.from({ length: 150 }, (_, seed) => seed))('arrive once each, whatever happens (%i)', async (seed) => {
    const pick = random(seed * 7919 + 1)
    const world = madeWorld()
    const lucks: Luck[] = ['arrives', 'arrives', 'answer lost', 'never arrives', 'arrives late']
    world.luck = () => lucks[pick(lucks.length)] as Luck
    let windows: Window[] = []
    const wanted: string[] = []
    let opened = 0
    const open = () => {
      opened += 1
      windows.push(new Window(world, `w${opened}`))
    }
    open()
    for (let step = 0; step < 40; step += 1) {
      const window = windows[pick(windows.length)]
      const deed = pick(10)
      if (deed < 4 && window) {
        const name = `n${step}`
        wanted.push(name)
        if (pick(2) === 0) {
          const [ops, temporary] = create(name)
          window.queue.add(ops, 5, temporary)
        } else window.queue.add([{ op: 'update', table: 't', records: [{ id: 'r', cells: { name } }] }], 5)
      } else if (deed === 4 && windows.length < 4) open()
      else if (deed === 5 && window) {
        window.die()
        windows = windows.filter((one) => one !== window)
        if (windows.length === 0 || pick(2) === 0) open()
      } else if (deed === 6) world.late.splice(pick(world.late.length + 1), 1)[0]?.()
      else if (deed < 9) for (const one of windows) one.again()
      for (let wait = pick(6); wait > 0; wait -= 1) await tick()
    }
    world.luck = () => 'arrives'
    for (let round = 0; round < 12; round += 1) {
      for (const one of windows) one.again()
      await settle()
    }
    for (const window of windows) window.die()
    const last = new Window(world, 'last')
    await last.ready
    await settle()
    for (const arrive of world.late) arrive()
    expect(world.refused).toEqual([])
    expect([...world.server.done].sort()).toEqual(wanted.map((name) => [name, 1]).sort())
    expect(localStorage.length).toBe(0)
  })
})
