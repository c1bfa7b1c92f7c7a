import { describe, expect, it } from 'vitest'
import type { MergePreview } from '../../api/merging'
import type { Table } from '../../api/types'
import { movesOf } from './Moves'

const table = (id: string, name_one: string, name: string) => ({ id, name, name_one }) as Table
const tables = [table('tbl1', 'Contact', 'Contacts'), table('tbl2', 'Task', 'Tasks')]

function preview(links: MergePreview['links'], comments = 0, activities = 0): MergePreview {
  return { links, comments, activities } as MergePreview
}

describe('what moves with a merge', () => {
  it('counts a table once, whatever the number of its link fields', () => {
    const links = [
      { table: 'tbl1', field: 'fld1', count: 2 },
      { table: 'tbl1', field: 'fld2', count: 1 },
      { table: 'tbl2', field: 'fld3', count: 1 },
    ]
    expect(movesOf(preview(links, 1, 2), tables)).toEqual(['3 contacts', '1 task', '1 comment', '2 activities'])
  })

  it('says nothing of what does not move, and of tables that are not there', () => {
    expect(movesOf(preview([{ table: 'tbl9', field: 'fld1', count: 2 }]), tables)).toEqual([])
  })
})
