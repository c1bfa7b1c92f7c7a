/** The names of the fields that are computed directly from one, for warnings; none when that cannot be told. */
import { useQuery } from '@tanstack/react-query'
import { formulaCalls } from '../../api/formulas'
import type { Field } from '../../api/types'

type Read = Pick<Field, 'id' | 'table'>

export async function readersOf(field: Read): Promise<string[]> {
  try {
    const { read_by } = await formulaCalls.dependencies(field.table, field.id)
    return [...new Set(read_by.filter((one) => one.distance === 1).map((one) => one.name))]
  } catch {
    return []
  }
}

const NONE: readonly string[] = []

/** The same for a dialog that is open on a field. */
export function useReaders(field: Read | undefined): readonly string[] {
  const { data } = useQuery({
    queryKey: ['readers', field?.id],
    queryFn: () => (field ? readersOf(field) : []),
    enabled: field !== undefined,
    staleTime: 0,
  })
  return data ?? NONE
}
