/** The groups of the grid by the server: which there are, how many records each holds, and their totals. */
import { useEffect, useMemo, useRef, useState } from 'react'
import { api, explain } from '../../api/client'
import type { Aggregate, AggregateAnswer, CellValue, FieldId, Sort } from '../../api/types'
import { toast } from '../../shell/toasts'
import type { RowQuery } from '../../store/rowQuery'
import { type Folded, isFolded } from '../../views/memory'
import type { GridModel } from '../model'
import { useStamp } from '../useStamp'
import { pathOf } from './layout'

export function useGroups(
  model: GridModel,
  query: RowQuery,
  aggregates: Readonly<Record<FieldId, Aggregate>>,
  folded: Folded,
): void {
  const { filter, groups = [], search } = query
  const asked = JSON.stringify({ filter, groups, search, aggregates })
  const stamp = useStamp(model, groups.length > 0)
  const told = useRef('')
  const [answer, setAnswer] = useState<{
    version: number
    leaves: AggregateAnswer['groups']
    totals: Map<string, Record<FieldId, CellValue>>
  }>()

  // Other groups or other records: what was on show says nothing about them.
  const others = JSON.stringify({ filter, groups, search })
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the groups are other ones
  useEffect(() => setAnswer(undefined), [others])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new stamp reads the groups again
  useEffect(() => {
    const request = JSON.parse(asked) as { groups: Sort[] }
    const flight = new AbortController()
    if (request.groups.length === 0) {
      setAnswer(undefined)
      return
    }
    const read = (levels: number) =>
      api.post<AggregateAnswer>(
        `/api/tables/${model.setting.table.id}/aggregate`,
        { ...request, groups: request.groups.slice(0, levels) },
        { signal: flight.signal },
      )
    const load = async () => {
      try {
        const answers = await Promise.all(request.groups.map((_, level) => read(level + 1)))
        const totals = new Map(
          answers.flatMap(({ groups }) => groups.map((group) => [pathOf(group.key), group.totals])),
        )
        for (const { names } of answers) model.workspace.learn(names)
        const version = Math.min(...answers.map((one) => one.version))
        setAnswer({ version, leaves: answers.at(-1)?.groups ?? [], totals })
      } catch (error) {
        if (flight.signal.aborted || told.current === asked) return
        told.current = asked
        toast({ text: 'The records cannot be grouped so', detail: explain(error), tone: 'danger' })
        setAnswer({ version: Number.POSITIVE_INFINITY, leaves: [], totals: new Map() })
      }
    }
    void load()
    return () => flight.abort()
  }, [model, asked, stamp])

  const isOpen = useMemo(() => (path: string) => isFolded(folded, path), [folded])
  useEffect(() => {
    if (!answer) {
      model.group(undefined)
      return
    }
    const take = () => model.group({ leaves: answer.leaves, totals: answer.totals, isFolded: isOpen })
    // While an edited row stays where it was, the groups do too, and so they do when they were read before an own
    // change: they are being asked for anew. Their totals are told anyway.
    const early = () => model.rows.holding || answer.version < model.workspace.ownUpTo(model.setting.table.id)
    if (!early() || !model.layout) {
      take()
      return
    }
    model.group({ leaves: model.layout.leaves, totals: answer.totals, isFolded: isOpen })
    return model.rows.subscribe(() => {
      if (!early() && model.layout?.leaves !== answer.leaves) take()
    })
  }, [model, answer, isOpen])
}
