/** Goes to the cell that somebody stands in: in the grid on show, else in the record's own panel. */
import { useCallback } from 'react'
import { explain } from '../api/client'
import type { RecordId, Someone } from '../api/types'
import type { GridModel } from '../grid/model'
import { toast } from '../shell/toasts'

interface Ways {
  model: GridModel
  /** Brings a place of the query into view and selects a column of it; absent where there is no grid. */
  reveal: ((place: number, column: number) => Promise<void>) | undefined
  openRecord: (id: RecordId) => void
}

export function useGoToPerson({ model, reveal, openRecord }: Ways): (someone: Someone) => void {
  return useCallback(
    (someone) => {
      const go = async () => {
        const { record, field, name } = someone
        if (record === undefined) {
          toast({ text: `${name} is here`, detail: 'They stand in no cell at the moment.' })
          return
        }
        const place = reveal && (await model.rows.placeOf(record))
        if (reveal && place !== undefined) {
          const column = model.setting.fields.findIndex((one) => one.id === field)
          await reveal(place, Math.max(0, column))
        } else openRecord(record) // not among the rows of this view
      }
      go().catch((error) => toast({ text: 'The cell was not found', detail: explain(error), tone: 'danger' }))
    },
    [model, reveal, openRecord],
  )
}
