/** Records as cards in stacks by a single select; a card that changes its stack changes its option. */
import { useCallback, useEffect, useRef } from 'react'
import type { Op, RecordId } from '../../api/types'
import { announce } from '../../grid/announce'
import { canWrite } from '../../grid/kinds'
import { updateOp } from '../../store/ops'
import type { TableRows } from '../../store/tableRows'
import { EmptyState } from '../../ui/Feedback'
import type { CardsBodyProps } from '../cards/body'
import { cardName } from '../cards/Card'
import cards from '../cards/Cards.module.css'
import { makeCard, sendCards } from '../cards/useRows'
import { stackFields } from '../viewKinds'
import styles from './Kanban.module.css'
import { type MovedCard, StackColumn } from './StackColumn'
import { dropPlace, type Stack, stacksOf } from './stacks'

export function Kanban(props: CardsBodyProps) {
  const { model, setting, config, query, onOpenRecord, hands } = props
  const field = stackFields(setting.table).find((one) => one.id === config.stack)
  const rowsOf = useRef(new Map<string | null, TableRows>())
  const board = useRef<HTMLDivElement>(null)

  useEffect(() => {
    hands.current = {
      append: () => void makeCard(model, {}, onOpenRecord),
      focus: () => board.current?.querySelector<HTMLElement>('article button')?.focus(),
      goTo: () => undefined,
    }
  }, [hands, model, onOpenRecord])

  const sorted = query.sorts.length > 0
  const move = useCallback(
    ({ id, from }: MovedCard, to: Stack, at: number) => {
      const [source, target] = [rowsOf.current.get(from), rowsOf.current.get(to.option)]
      if (!field || !source || !target) return
      const ids = Array.from({ length: target.total ?? 0 }, (_, row) => target.idAt(row))
      const place = dropPlace(ids, id, at)
      const rest = ids.filter((one) => one !== id)
      const before = rest[place] ?? null
      const here = source === target
      if (here && (sorted || ids[place] === id)) return
      const { table } = model.setting
      const ops: Op[] = here ? [] : [updateOp(table.id, [[id, field.id, to.option]])]
      // Where the view sorts, it decides the place; else a card stays where it is dropped.
      if (!sorted && (before !== null || here)) ops.push({ op: 'move', table: table.id, ids: [id], before })
      const cells = source.cellsOf(id) ?? {}
      const name = cardName(model, source, id)
      if (!here) source.remove([id])
      target.put(Math.min(place, target.total ?? 0), id, { ...cells, [field.id]: to.option })
      announce(`${name}: ${to.name}, place ${place + 1}`)
      void sendCards(model, ops, here ? `Move ${name}` : `${name}: ${to.name}`, [source, target])
    },
    [model, field, sorted],
  )
  if (!field) {
    return (
      <div className={cards.body} data-view-body="kanban">
        <EmptyState
          title="No stacks yet"
          text={
            stackFields(setting.table).length > 0
              ? 'Choose in “Stacked by” which single select makes the stacks.'
              : 'A kanban needs a single select field: add one in a grid of this table.'
          }
        />
      </div>
    )
  }
  const stacks = stacksOf(field)
  const step = (card: MovedCard, by: -1 | 1) => {
    const at = stacks.findIndex((one) => one.option === card.from)
    const to = stacks[at + by]
    if (!to) return
    move(card, to, rowsOf.current.get(to.option)?.total ?? 0)
    focusLater(board.current, card.id)
  }
  return (
    <div className={cards.body} data-view-body="kanban">
      <div ref={board} className={styles.board} role="list" aria-label={`Stacks by ${field.name}`}>
        {stacks.map((stack) => (
          <StackColumn
            key={stack.option ?? ''}
            {...props}
            stack={stack}
            field={field}
            writable={canWrite(field)}
            register={(rows) => rowsOf.current.set(stack.option, rows)}
            onDrop={(card, at) => move(card, stack, at)}
            onStep={step}
            onShift={(card, by) => {
              const rows = rowsOf.current.get(stack.option)
              const at = rows?.cache.rowOf(card.id)
              if (at === undefined) return
              move(card, stack, by === 1 ? at + 2 : Math.max(0, at - 1))
              focusLater(board.current, card.id)
            }}
          />
        ))}
      </div>
    </div>
  )
}

/** A card that was moved by a key keeps the focus. */
function focusLater(board: HTMLElement | null, id: RecordId): void {
  setTimeout(() => board?.querySelector<HTMLElement>(`[data-record="${id}"] button`)?.focus(), 60)
}
