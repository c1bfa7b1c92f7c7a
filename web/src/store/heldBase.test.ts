import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChangeRequest, LiveMessage, QueryAnswer, TableChange } from '../api/types'
import { updateOp } from './ops'
import type { TableRows } from './tableRows'
import { Workspace } from './workspace'

/** The far end of the wire: answers reads of one table at its version, notes edits, speaks on the live channel. */
class Wire {
  version = 10
  /** Reads wait here while it is set. */
  gate: Promise<void> | undefined
  readonly bases: (number | undefined)[] = []
  speak: (message: LiveMessage) => void = () => {}

  async fetch(path: string, body: string): Promise<Response> {
    if (path === '/api/tables/t/records/lone') {
      const { version } = this
      await this.gate
      const cells = { a: `at ${version}` }
      return new Response(JSON.stringify({ version, id: 'lone', table: 't', cells, names: {}, deleted_at: null }))
    }
    if (path !== '/api/tables/t/query') {
      this.bases.push((JSON.parse(body) as ChangeRequest).base_version)
      // Never answered: only what is asked for matters here.
      return new Promise(() => {})
    }
    const { offset } = JSON.parse(body) as { offset: number }
    const ids = Array.from({ length: 200 }, (_, index) => `r${offset + index}`)
    const columns = [ids.map(() => `at ${this.version}`)]
    const { version } = this
    const answer: QueryAnswer = { version, total: 400, offset, fields: ['a'], ids, columns, names: {}, next: null }
    await this.gate
    return new Response(JSON.stringify(answer))
  }

  change(part: TableChange): void {
    this.version += 1
    const { version } = this
    const rest = { at: '', actor: null, source: 'import', reason: null, schema: false, names: {} }
    this.speak({ type: 'change', change: { version, tables: { t: part }, ...rest } })
  }
}

let wire: Wire
let workspace: Workspace
let rows: TableRows

const edit = (id: string) => workspace.send([updateOp('t', [[id, 'a', 'mine']])], 'Edit')

beforeEach(async () => {
  localStorage.clear()
  wire = new Wire()
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => wire.fetch(path, String(init.body)))
  vi.stubGlobal(
    'WebSocket',
    class {
      onmessage: (event: { data: string }) => void = () => {}
      constructor() {
        wire.speak = (message) => this.onmessage({ data: JSON.stringify(message) })
      }
      close() {}
    },
  )
  workspace = new Workspace('usr1')
  workspace.start(10)
  rows = workspace.openRows('t', { filter: null, sorts: [], search: '' })
  workspace.attach(rows)
  rows.show(0, 20)
  await vi.waitFor(() => expect(rows.total).toBe(400))
})

afterEach(() => {
  workspace.stop()
  rows.close()
  vi.unstubAllGlobals()
})

describe('the base of an edit while rows wait to be read again', () => {
  it('is the version on show after a change without its cells', () => {
    wire.change({ reload: true })
    edit('r1')
    expect(wire.bases).toEqual([10])
  })

  it('is the version on show after too much was missed', () => {
    wire.version = 500
    wire.speak({ type: 'hello', version: 500, changes: [], reset: true })
    edit('r1')
    expect(wire.bases).toEqual([10])
  })

  it('stays there when smaller changes follow', () => {
    wire.change({ reload: true })
    wire.change({ records: [{ id: 'r2', cells: { a: 'theirs' } }] })
    edit('r1')
    expect(wire.bases).toEqual([10])
  })

  it('is the new version once the rows are read again', async () => {
    wire.change({ reload: true })
    await vi.waitFor(() => expect(rows.cellOf('r1', 'a')).toBe('at 11'))
    edit('r1')
    expect(wire.bases).toEqual([11])
  })

  it('is held for pages that are off screen until they are read again too', async () => {
    await rows.ensure(0, 399)
    wire.change({ reload: true })
    await vi.waitFor(() => expect(rows.cellOf('r1', 'a')).toBe('at 11'))
    expect(rows.cellOf('r300', 'a')).toBe('at 10')
    edit('r300')
    expect(wire.bases).toEqual([10])
  })

  it('is the version of a read that was under way when the change came', async () => {
    let open = () => {}
    wire.gate = new Promise((resolve) => {
      open = resolve
    })
    const late = rows.ensure(200, 399)
    wire.change({ reload: true })
    open()
    await late
    expect(rows.cellOf('r300', 'a')).toBe('at 10')
    edit('r300')
    expect(wire.bases).toEqual([10])
  })

  it('is the newest version for rows that miss nothing', () => {
    wire.change({ records: [{ id: 'r2', cells: { a: 'theirs' } }] })
    edit('r1')
    expect(wire.bases).toEqual([11])
  })
})

describe('the base of an edit of a record that no grid shows', () => {
  const open = async () => {
    const record = workspace.holdRecord('t', 'lone', () => {})
    await vi.waitFor(() => expect(record.answer).toBeDefined())
    return record
  }
  const shut = () => {
    let open = () => {}
    wire.gate = new Promise((resolve) => {
      open = resolve
    })
    return open
  }

  it('is the version its panel shows after a change without its cells', async () => {
    await open()
    shut()
    wire.change({ reload: true })
    edit('lone')
    expect(wire.bases).toEqual([10])
  })

  it('is the version its panel shows after too much was missed, until that has read it again', async () => {
    const record = await open()
    const answerNow = shut()
    wire.version = 500
    wire.speak({ type: 'hello', version: 500, changes: [], reset: true })
    edit('lone')
    expect(record.answer?.cells).toEqual({ a: 'at 10' })
    answerNow()
    await vi.waitFor(() => expect(record.answer?.cells).toEqual({ a: 'at 500' }))
    expect(record.heldAt).toBeUndefined()
    expect(wire.bases).toEqual([10])
  })

  it('is that of an answer from before the missed change, which does not make up for it', async () => {
    const answerNow = shut()
    const record = workspace.holdRecord('t', 'lone', () => {})
    wire.change({ reload: true })
    wire.gate = undefined
    answerNow()
    await vi.waitFor(() => expect(record.answer?.cells).toEqual({ a: 'at 11' }))
    edit('lone')
    expect(wire.bases).toEqual([11])
  })

  it('takes in what changed while it was being read', async () => {
    const answerNow = shut()
    const record = workspace.holdRecord('t', 'lone', () => {})
    wire.change({ records: [{ id: 'lone', cells: { a: 'theirs' } }] })
    answerNow()
    await vi.waitFor(() => expect(record.answer?.cells).toEqual({ a: 'theirs' }))
    edit('lone')
    expect(wire.bases).toEqual([11])
  })
})
