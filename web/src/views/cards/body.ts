/** What every view of cards is given. */
import type { RefObject } from 'react'
import type { RecordId, View, ViewConfig } from '../../api/types'
import type { GridHands } from '../../grid/GridBody'
import type { GridModel, Setting } from '../../grid/model'
import type { RowQuery } from '../../store/rowQuery'

export interface CardsBodyProps {
  readonly model: GridModel
  readonly setting: Setting
  readonly view: View
  readonly user: string
  readonly config: ViewConfig
  readonly query: RowQuery
  readonly onConfig: (patch: ViewConfig) => void
  readonly onOpenRecord: (id: RecordId | undefined) => void
  readonly openRecord: RecordId | undefined
  /** The day that the address names for a calendar. */
  readonly day: string | undefined
  readonly onDay: (day: string | undefined) => void
  readonly hands: RefObject<GridHands | undefined>
}
