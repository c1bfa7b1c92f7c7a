/** Asks the server about a formula while it is written; the last answer stays until the next one is there. */
import { useEffect, useRef, useState } from 'react'
import { explain } from '../../api/client'
import { type CheckAnswer, type CheckRequest, formulaCalls } from '../../api/formulas'
import type { TableId } from '../../api/types'

/** A moment without keys before the server is asked, in ms. */
const PAUSE = 160

export interface Check {
  readonly answer: CheckAnswer | undefined
  /** The last answer about a formula without errors: its preview stays on show. */
  readonly good: CheckAnswer | undefined
  /** The formula that was answered about. */
  readonly formula: string
  /** Whether the answer is about the formula as it is now. */
  readonly current: boolean
  /** Why there is no answer, in words. */
  readonly failed: string | undefined
}

const NOTHING = { answer: undefined, good: undefined, formula: '', key: '', failed: undefined }

/** `over` stands for the fields there are: when they change, the formula is checked anew. */
export function useCheck(table: TableId, request: CheckRequest | undefined, over: string): Check {
  const [held, setHeld] = useState<Omit<Check, 'current'> & { key: string }>(NOTHING)
  const key = request ? JSON.stringify([table, request, over]) : ''
  const first = useRef(true)

  useEffect(() => {
    if (key === '') return
    const [of, asked] = JSON.parse(key) as [TableId, CheckRequest]
    const stop = new AbortController()
    const ask = async () => {
      try {
        const answer = await formulaCalls.check(of, asked, stop.signal)
        if (stop.signal.aborted) return
        setHeld((old) => ({
          answer,
          good: answer.ok ? answer : old.good,
          formula: asked.formula,
          key,
          failed: undefined,
        }))
      } catch (error) {
        if (!stop.signal.aborted) setHeld((old) => ({ ...old, key, failed: explain(error) }))
      }
    }
    const timer = setTimeout(() => void ask(), first.current ? 0 : PAUSE)
    first.current = false
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [key])

  const { key: about, ...rest } = held
  return { ...rest, current: key !== '' && about === key }
}
