/** Finds a text among the rows without leaving out the others: where it stands, which match is current, and the next one. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { api, explain } from '../api/client'
import { toast } from '../shell/toasts'
import type { RowQuery } from '../store/rowQuery'
import type { GridModel } from './model'
import { useStamp } from './useStamp'

export interface Found {
  /** How many rows hold the text; undefined while it is being looked for. */
  readonly total: number | undefined
  /** Which of them is current, from 0. */
  readonly at: number | undefined
  readonly step: (by: 1 | -1) => void
  /** Goes to the first match as soon as the answer is here. */
  readonly goWhenFound: () => void
  readonly mark: ((col: number, row: number) => 'match' | 'current' | undefined) | undefined
}

interface FindAnswer {
  readonly version: number
  readonly total: number
  readonly rows: readonly number[]
}

type GoTo = (place: number, text: string) => Promise<number>

export function useFind(model: GridModel, query: RowQuery, text: string, fields: readonly string[], goTo: GoTo): Found {
  const [answer, setAnswer] = useState<FindAnswer>()
  const [at, setAt] = useState<number>()
  const [cell, setCell] = useState<readonly [number, number]>()
  const wanted = useRef(false)
  const stamp = useStamp(model, text !== '')
  const asked = JSON.stringify({ ...query, search: text, fields })

  const go = useCallback(
    async (rows: readonly number[], index: number) => {
      const place = rows[index]
      if (place === undefined) return
      setAt(index)
      const col = await goTo(place, text)
      setCell([col, place])
    },
    [goTo, text],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text or order begins anew
  useEffect(() => {
    setAt(undefined)
    setCell(undefined)
    setAnswer(undefined)
  }, [asked])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new stamp looks again
  useEffect(() => {
    if (text === '') return
    const flight = new AbortController()
    const look = async () => {
      try {
        const path = `/api/tables/${model.setting.table.id}/find`
        const found = await api.post<FindAnswer>(path, JSON.parse(asked), { signal: flight.signal })
        setAnswer(found)
        if (wanted.current) void go(found.rows, 0)
        wanted.current = false
      } catch (error) {
        if (!flight.signal.aborted) toast({ text: 'The search did not work', detail: explain(error), tone: 'danger' })
      }
    }
    void look()
    return () => flight.abort()
  }, [model, asked, text, stamp])

  const mark = useMemo(() => {
    if (text === '') return undefined
    const holds = holder(text)
    return (col: number, row: number) => {
      if (!holds(model.text(col, row))) return undefined
      return cell && cell[0] === col && cell[1] === model.placeOf(row) ? ('current' as const) : ('match' as const)
    }
  }, [model, text, cell])

  return {
    total: answer?.total,
    at,
    step: (by) => {
      if (!answer || answer.rows.length === 0) return
      const { length } = answer.rows
      void go(answer.rows, at === undefined ? (by === 1 ? 0 : length - 1) : (at + by + length) % length)
    },
    goWhenFound: () => {
      if (answer) void go(answer.rows, 0)
      else wanted.current = true
    },
    mark,
  }
}

/** Whether a cell's text holds what was typed; in numbers separators do not count. */
export function holder(text: string): (shown: string) => boolean {
  const needle = text.toLowerCase()
  const digits = /^[-+]?[\d.,\s]*\d[\d.,\s]*%?$/.test(needle) ? needle.replace(/[^\d.]/g, '') : ''
  return (shown) => {
    if (shown === '') return false
    if (shown.toLowerCase().includes(needle)) return true
    return digits !== '' && /\d/.test(shown) && shown.replace(/[^\d.]/g, '').includes(digits)
  }
}
