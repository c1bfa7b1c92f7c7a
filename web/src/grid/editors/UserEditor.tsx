/** Picks a person of the team. */
import { useState } from 'react'
import { Avatar } from '../../ui/Avatar'
import styles from './Editors.module.css'
import type { EditorProps } from './editor'
import { ListEditor } from './ListEditor'

export function UserEditor({ field, context, value, seed, at, commit, cancel, onLeave }: EditorProps) {
  const [text, setText] = useState(seed ?? '')
  const wanted = text.trim().toLowerCase()
  const people = context.users.filter(
    (user) => user.active && `${user.name} ${user.email}`.toLowerCase().includes(wanted),
  )
  const nameOf = (id: string) => context.users.find((user) => user.id === id)?.name ?? 'Former user'
  return (
    <ListEditor
      label={field.name}
      at={at}
      seed={seed ?? ''}
      many={false}
      chosen={typeof value === 'string' ? [value] : []}
      items={people.map((user) => ({
        id: user.id,
        label: user.name,
        node: <Person id={user.id} name={user.name} />,
      }))}
      onSearch={setText}
      show={(id) => <Person id={id} name={nameOf(id)} />}
      nameOf={nameOf}
      empty="Nobody by that name."
      commit={(ids, move) => commit(ids[0] ?? null, move)}
      cancel={cancel}
      onLeave={onLeave}
    />
  )
}

export function Person({ id, name }: { id: string; name: string }) {
  return (
    <span className={styles.person}>
      <Avatar id={id} name={name} size={18} />
      {name}
    </span>
  )
}
