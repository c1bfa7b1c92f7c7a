/** Server state that is small and shared: who is signed in, the tables with their fields and views, the people. */
import { QueryClient, useQuery } from '@tanstack/react-query'
import { ApiError, api, setCsrf, setCsrfRenewal } from './client'
import type { Session, Tables, User } from './types'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) => count < 2 && error instanceof ApiError && error.temporary,
      refetchOnWindowFocus: false,
    },
  },
})

export const sessionKey = ['session'] as const
export const tablesKey = ['tables'] as const
export const usersKey = ['users'] as const
/** The live channel invalidates this when a plugin was switched. */
export const pluginsKey = ['plugins'] as const
/** What formulas can call; invalidated as well, because functions come from plugins. */
export const functionsKey = ['formula-functions'] as const

async function loadSession(): Promise<Session> {
  const session = await api.get<Session>('/api/session')
  setCsrf(session.csrf)
  return session
}

setCsrfRenewal(async () => {
  const before = queryClient.getQueryData<Session>(sessionKey)
  const session = await loadSession()
  queryClient.setQueryData(sessionKey, session)
  // What one person typed is never saved in the name of another.
  return session.user !== null && session.user.id === before?.user?.id
})

/** Takes over the session that a sign-in, setup or invite call answered with. */
export function enterSession(session: Session): void {
  setCsrf(session.csrf)
  queryClient.setQueryData(sessionKey, session)
}

/** Forgets everything of the signed-in person. */
export async function leaveSession(): Promise<void> {
  // First who is there: a page still on show would ask again for what is forgotten.
  await queryClient.invalidateQueries({ queryKey: sessionKey })
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] })
}

export const useSession = () => useQuery({ queryKey: sessionKey, queryFn: loadSession, staleTime: 5 * 60_000 })

/** Tables, fields and views. The live channel invalidates `tablesKey` when the schema changes. */
export const useTables = () =>
  useQuery({ queryKey: tablesKey, queryFn: () => api.get<Tables>('/api/tables'), staleTime: Number.POSITIVE_INFINITY })

export const useUsers = () =>
  useQuery({
    queryKey: usersKey,
    queryFn: async () => (await api.get<{ users: User[] }>('/api/users')).users,
    staleTime: 5 * 60_000,
  })
