import type { Change, QueryAnswer, QueryRequest, RecordId, TableId } from '../api/types'
import { PAGE } from './rowCache'
import type { RowQuery } from './rowQuery'

export interface RowPorts {
  query(table: TableId, request: QueryRequest, signal: AbortSignal): Promise<QueryAnswer>
  /** Where a record stands among all rows of a query; undefined when it is not among them. */
  place?(table: TableId, query: RowQuery, record: RecordId): Promise<number | undefined>
  /** Changes newer than a version, to bring an older answer up to date. */
  since(version: number): readonly Change[]
  /** The newest version this window made: an answer from before it would put back what the person just did. */
  ownUpTo?(): number
  /** Notes the version and the display names that came with an answer. */
  learned(answer: QueryAnswer): void
  failed(error: unknown): void
}

/** Asks the server for the rows of one table under the query that is looked at. */
export class RowReader {
  readonly table: TableId
  query: RowQuery
  private readonly ports: RowPorts

  constructor(table: TableId, query: RowQuery, ports: RowPorts) {
    this.table = table
    this.query = query
    this.ports = ports
  }

  /** One page, not older than the own changes; undefined when something else is looked at by then. */
  async page(page: number, signal: AbortSignal): Promise<QueryAnswer | undefined> {
    const asked = this.query
    let answer = await this.ask(page, signal)
    while (asked === this.query && this.outdated(answer)) answer = await this.ask(page, signal)
    return asked === this.query ? answer : undefined
  }

  /** The pages around rows, each as of whenever it was answered. */
  near(from: number, to: number, signal: AbortSignal): Promise<QueryAnswer[]> {
    const first = Math.floor(Math.max(0, from - PAGE / 4) / PAGE)
    const last = Math.max(first, Math.floor(Math.max(0, to + PAGE / 4) / PAGE))
    const pages = Array.from({ length: last - first + 1 }, (_, index) => first + index)
    return Promise.all(pages.map((page) => this.ask(page, signal)))
  }

  /** Where a record stands among all rows; undefined when it is not among them. */
  async placeOf(id: RecordId): Promise<number | undefined> {
    return await this.ports.place?.(this.table, this.query, id)
  }

  /** Whether an answer is from before an own change, and would take it off the screen. */
  outdated({ version }: QueryAnswer): boolean {
    return version < (this.ports.ownUpTo?.() ?? 0)
  }

  private ask(page: number, signal: AbortSignal): Promise<QueryAnswer> {
    const { filter, groups = [], sorts, search } = this.query
    const request = { filter, groups: [...groups], sorts: [...sorts], search, offset: page * PAGE, limit: PAGE }
    return this.ports.query(this.table, request, signal)
  }
}
