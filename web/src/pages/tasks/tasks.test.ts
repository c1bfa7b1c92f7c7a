import { expect, test } from 'vitest'
import type { Comment } from '../../api/around'
import type { Field } from '../../api/types'
import { threadsOf } from '../../record/Comments'
import { dayWord } from '../../record/TaskLine'
import type { TaskTable } from '../../record/taskTable'
import type { Cell } from '../../store/cells'
import { byDue } from './TasksPage'

const TODAY = '2026-11-23'
const tasks = { field: (key: string) => ({ id: key }) as Field } as TaskTable
const task = (id: string, cells: Record<string, Cell>) => ({ id, cell: (field: string) => cells[field] ?? null })

test('tasks stand under when they are due, and what is done apart', () => {
  const groups = byDue(
    [
      task('late', { due: '2026-11-22' }),
      task('now', { due: TODAY }),
      task('soon', { due: '2026-11-30' }),
      task('far', { due: '2026-12-01' }),
      task('some day', {}),
      task('done', { due: '2026-11-01', done: true }),
    ],
    tasks,
    TODAY,
  )
  const shown = groups.map(({ name, tasks: of }) => [name, of.map(({ id }) => id).join()])
  expect(shown).toEqual([
    ['Overdue', 'late'],
    ['Today', 'now'],
    ['Next 7 days', 'soon'],
    ['Later', 'far'],
    ['No day', 'some day'],
    ['Done', 'done'],
  ])
})

test('days are named as people say them', () => {
  const words = ['2026-11-23', '2026-11-24', '2026-11-22', '2026-11-27', '2026-12-24', '2027-01-02']
  expect(words.map((day) => dayWord(day, TODAY))).toEqual([
    'Today',
    'Tomorrow',
    'Yesterday',
    'Friday',
    'Dec 24',
    'Jan 2, 2027',
  ])
})

test('answers stand behind what they answer, and by themselves when that is gone', () => {
  const comment = (id: string, reply_to: string | null) => ({ id, reply_to }) as Comment
  const newestFirst = [comment('d', 'gone'), comment('c', 'a'), comment('b', null), comment('a', null)]
  expect(threadsOf(newestFirst).map((thread) => thread.map(({ id }) => id).join(''))).toEqual(['ac', 'b', 'd'])
})
