/** Who else is at the table on show, as the live channel tells; nobody while it is not connected. */
import { create } from 'zustand'
import type { PeopleMessage, TableId } from '../api/types'

type Here = Pick<PeopleMessage, 'table' | 'people' | 'more'>

const NOBODY: Here = { table: '', people: [], more: 0 }

export const usePeople = create<Here>(() => NOBODY)

export function setPeople({ table, people, more }: Here): void {
  usePeople.setState({ table, people, more }, true)
}

export function forgetPeople(): void {
  if (usePeople.getState() !== NOBODY) usePeople.setState(NOBODY, true)
}

/** Everybody else at a table. */
export function othersAt({ table, people }: Here, shown: TableId, user: string): Here['people'] {
  return table === shown ? people.filter((one) => one.user !== user) : []
}
