/** Rows of a comparison, fetched in pages as they scroll into view. */
import { useQueries } from '@tanstack/react-query'
import { api } from '../../api/client'
import type { ImportRow, ImportRows, Outcome } from '../../api/types'

export const PAGE = 200
const NO_ROWS: ImportRow[] = []

export interface LoadedRows {
  row: (index: number) => ImportRow | undefined
  /** The rows of the first of these pages; the same list while it does not change. */
  rows: ImportRow[]
  names: Record<string, string>
  error: Error | null
}

/** The pages that hold rows `first` to `last` (inclusive). */
export function pagesOf(first: number, last: number): number[] {
  const from = Math.floor(first / PAGE)
  return Array.from({ length: Math.floor(Math.max(first, last) / PAGE) - from + 1 }, (_, index) => from + index)
}

export function useRows(run: string, outcome: Outcome, first: number, last: number): LoadedRows {
  const pages = pagesOf(first, last)
  const answers = useQueries({
    queries: pages.map((page) => ({
      queryKey: ['import-rows', run, outcome, page],
      queryFn: () =>
        api.get<ImportRows>(`/api/imports/${run}/rows`, { query: { outcome, offset: page * PAGE, limit: PAGE } }),
      staleTime: Number.POSITIVE_INFINITY,
    })),
  })
  return {
    rows: answers[0]?.data?.rows ?? NO_ROWS,
    row: (index) => answers[pages.indexOf(Math.floor(index / PAGE))]?.data?.rows[index % PAGE],
    names: Object.assign({}, ...answers.map((answer) => answer.data?.names ?? {})),
    error: answers.find((answer) => answer.error)?.error ?? null,
  }
}
