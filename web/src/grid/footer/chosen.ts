/** The totals a person chose, by field; kept in this browser, as views have no place for them. */
import { create } from 'zustand'
import { persist } from 'zustand/middleware'
import type { Aggregate, FieldId } from '../../api/types'

interface ChosenTotals {
  readonly totals: Readonly<Record<FieldId, Aggregate | 'none'>>
}

export const useChosenTotals = create<ChosenTotals>()(persist(() => ({ totals: {} }), { name: 'crm.totals' }))

export function chooseTotal(field: FieldId, total: Aggregate | 'none'): void {
  useChosenTotals.setState(({ totals }) => ({ totals: { ...totals, [field]: total } }))
}
