/** Deleted fields of the table that a formula names: they can be brought back where they are missed. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../../api/client'
import type { Field, FieldId } from '../../api/types'
import type { GridModel } from '../model'

export function useDeletedFields(model: GridModel, wanted: boolean) {
  const { table } = model.setting
  const { data } = useQuery({
    queryKey: ['deleted-fields', table.id],
    queryFn: () => api.get<{ fields: Field[] }>(`/api/tables/${table.id}/fields`, { query: { archived: true } }),
    enabled: wanted,
    staleTime: 0,
  })
  const restorable = useMemo(
    () => new Map((data?.fields ?? []).map((field) => [field.name, field.id] as const)),
    [data],
  )
  const restore = (field: FieldId) => {
    const name = data?.fields.find((one) => one.id === field)?.name ?? 'the field'
    model.workspace.send([{ op: 'restore_field', field }], `Restore ${name}`)
  }
  return { restorable, restore }
}
