/** The names of the fields that are computed directly from one, for warnings; none when that cannot be told. */
import { formulaCalls } from '../../api/formulas'
import type { Field } from '../../api/types'

export async function readersOf(field: Pick<Field, 'id' | 'table'>): Promise<string[]> {
  try {
    const { read_by } = await formulaCalls.dependencies(field.table, field.id)
    return [...new Set(read_by.filter((one) => one.distance === 1).map((one) => one.name))]
  } catch {
    return []
  }
}
