/** What kinds need to know about a field of any table, outside the grid. */
import { useCallback } from 'react'
import { useSession, useUsers } from '../api/queries'
import type { Field } from '../api/types'
import type { KindContext } from '../grid/kinds'
import type { Workspace } from '../store/workspace'

export function useContexts(workspace: Workspace): (field: Field) => KindContext {
  const { data: session } = useSession()
  const { data: users } = useUsers()
  const zone = session?.settings.time_zone ?? 'UTC'
  return useCallback(
    (field) => ({
      field,
      zone,
      users: users ?? [],
      now: () => new Date(),
      nameOf: (id) => workspace.names.get(id),
    }),
    [workspace, zone, users],
  )
}
