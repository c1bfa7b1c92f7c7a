/** Picks options of a single or multi select; a new option is made only when it is asked for. */
import { useMemo, useRef, useState } from 'react'
import { addOptions } from '../clipboard/resolve'
import { choicesOf, listOf } from '../kinds/choices'
import type { EditorProps } from './editor'
import { ListEditor, type ListItem } from './ListEditor'
import { Pill } from './Pill'

export function ChoiceEditor({ field, value, seed, at, commit, cancel, onLeave }: EditorProps) {
  const many = field.kind === 'multi_select'
  const [text, setText] = useState(seed ?? '')
  const made = useRef<string[]>([])
  const choices = choicesOf(field)
  const items = useMemo((): ListItem[] => {
    const wanted = text.trim().toLowerCase()
    const matching = choices.filter((choice) => choice.name.toLowerCase().includes(wanted))
    const starts = (name: string) => (name.toLowerCase().startsWith(wanted) ? 0 : 1)
    return [...matching]
      .sort((a, b) => (wanted === '' ? 0 : starts(a.name) - starts(b.name)))
      .map((choice) => ({
        id: choice.id,
        label: choice.name,
        node: <Pill text={choice.name} color={choice.color} />,
      }))
  }, [choices, text])

  return (
    <ListEditor
      label={field.name}
      at={at}
      seed={seed ?? ''}
      many={many}
      chosen={listOf(value)}
      items={items}
      onSearch={setText}
      show={(id) => {
        const choice = choices.find((one) => one.id === id)
        return <Pill text={choice?.name ?? id} color={choice?.color ?? 'gray'} />
      }}
      nameOf={(id) => choices.find((one) => one.id === id)?.name ?? id}
      create={{
        label: (name) => `Add option “${name}”`,
        run: (name) => {
          made.current.push(name)
          return name
        },
      }}
      empty="No options yet. Type to add one."
      commit={(ids, move) => {
        const news = made.current.filter((name) => ids.includes(name))
        const before = news.length > 0 ? [addOptions(field, news)] : undefined
        commit(many ? ids : (ids[0] ?? null), move, before)
      }}
      cancel={cancel}
      onLeave={onLeave}
    />
  )
}
