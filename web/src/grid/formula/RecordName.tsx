/** The name of a record of the grid's table. */
import type { RecordId } from '../../api/types'
import { kindOf } from '../kinds'
import type { GridModel } from '../model'

export function RecordName({ model, id }: { model: GridModel; id: RecordId }) {
  const { table } = model.setting
  const primary = table.fields.find((field) => field.id === table.primary_field)
  const value = primary && model.rows.cellOf(id, primary.id)
  const name = primary && value != null ? kindOf(primary).format(value, model.context(primary)) : ''
  return <>{name || model.workspace.names.get(id) || `Unnamed ${table.name_one.toLowerCase()}`}</>
}
