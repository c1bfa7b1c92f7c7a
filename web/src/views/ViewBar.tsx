/** The views of a table at the left: favourites on top, then the list with its sections; Ctrl+Shift+K finds one. */
import { ChevronDown, ChevronRight, Ellipsis, PanelLeftClose, Pencil, Plus, Search, Ungroup } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import type { Table, User, View, ViewKind } from '../api/types'
import type { Workspace } from '../store/workspace'
import { IconButton } from '../ui/Button'
import { Menu, MenuItem } from '../ui/Menu'
import { foldSection, showList, useFoldedSection, useViewMemory } from './memory'
import { NamePrompt } from './NamePrompt'
import { NewViewDialog } from './NewViewDialog'
import type { ViewTools } from './useViewDeeds'
import { ViewRow } from './ViewRow'
import styles from './Views.module.css'
import { makeView, type Section, sectionsOf } from './viewActions'
import { VIEW_KINDS, ViewKindIcon } from './viewKinds'
import { differing } from './viewState'

interface ViewBarProps {
  table: Table
  user: User
  workspace: Workspace
  current: View
  tools: ViewTools
  onOpen: (id: string) => void
}

export function ViewBar({ table, user, workspace, current, tools, onOpen }: ViewBarProps) {
  const [text, setText] = useState('')
  const [making, setMaking] = useState<{ kind: ViewKind; section: string }>()
  const drafts = useViewMemory((state) => state.drafts)

  const wanted = text.trim().toLowerCase()
  const found = tools.views.filter((view) => view.name.toLowerCase().includes(wanted))
  const starred = found.filter((view) => view.starred)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && found[0]) onOpen(found[0].id)
    if (event.key === 'Escape') setText('')
  }
  const row = (view: View, fixed = false) => (
    <ViewRow
      key={view.id}
      view={view}
      current={view.id === current.id}
      changed={differing(drafts[`${user.id}/${view.id}`], view.config) !== undefined}
      tools={tools}
      fixed={fixed}
      onOpen={onOpen}
    />
  )
  return (
    <>
      {/* What lies beside the list on a narrow window: a press there closes it. */}
      <div className={styles.beside} aria-hidden="true" onClick={() => showList(false)} />
      <nav className={styles.bar} aria-label="Views">
        <div className={styles.head}>
          <label className={styles.find}>
            <Search size={13} aria-hidden="true" />
            <input
              data-find-view=""
              aria-label="Find a view"
              placeholder="Find a view"
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              onKeyDown={onKeyDown}
            />
          </label>
          <IconButton label="Hide the list of views" size="small" onClick={() => showList(false)}>
            <PanelLeftClose size={14} />
          </IconButton>
        </div>
        <div className={styles.scroll}>
          {starred.length > 0 && (
            <section aria-label="Favourites">
              <h3 className={styles.heading}>Favourites</h3>
              <ul className={styles.list}>{starred.map((view) => row(view, true))}</ul>
            </section>
          )}
          {sectionsOf(found).map((section) =>
            section.name === '' ? (
              <ul key="" className={styles.list} aria-label="All views">
                {section.views.map((view) => row(view))}
              </ul>
            ) : (
              <NamedSection
                key={section.name}
                section={section}
                table={table}
                user={user}
                workspace={workspace}
                searching={wanted !== ''}
                onAdd={() => setMaking({ kind: 'grid', section: section.name })}
              >
                {section.views.map((view) => row(view))}
              </NamedSection>
            ),
          )}
          {found.length === 0 && <p className={styles.none}>No view by that name.</p>}
        </div>
        <div className={styles.foot}>
          <Menu
            label="New view"
            side="top"
            trigger={
              <button type="button" className={styles.create}>
                <Plus size={14} aria-hidden="true" /> Create a view
              </button>
            }
          >
            {VIEW_KINDS.map(({ kind, title, about }) => (
              <MenuItem
                key={kind}
                icon={<ViewKindIcon kind={kind} />}
                hint={about}
                onSelect={() => setTimeout(() => setMaking({ kind, section: '' }), 60)}
              >
                {title}
              </MenuItem>
            ))}
          </Menu>
        </div>
        {making && (
          <NewViewDialog
            table={table}
            views={tools.views}
            {...making}
            onClose={() => setMaking(undefined)}
            onMake={async (made) => {
              const id = await makeView(workspace, table, made)
              if (id) onOpen(id)
            }}
          />
        )}
        {tools.dialog}
      </nav>
    </>
  )
}

interface NamedSectionProps {
  section: Section
  table: Table
  user: User
  workspace: Workspace
  searching: boolean
  onAdd: () => void
  children: React.ReactNode
}

function NamedSection({ section, table, user, workspace, searching, onAdd, children }: NamedSectionProps) {
  const { name, views } = section
  const [renaming, setRenaming] = useState(false)
  const folded = useFoldedSection(user.id, table.id, name) && !searching
  /** Views that are locked keep their place: they cannot be changed. */
  const renameAll = (next: string) => {
    const ops = views
      .filter((view) => !view.locked)
      .map((view) => ({ op: 'update_view' as const, view: view.id, set: { section: next } }))
    if (ops.length > 0) workspace.send(ops, next === '' ? `Dissolve ${name}` : `Rename ${name}`)
  }
  return (
    <section aria-label={name}>
      <div className={styles.section}>
        <button
          type="button"
          className={styles.fold}
          aria-expanded={!folded}
          onClick={() => foldSection(user.id, table.id, name, !folded)}
        >
          {folded ? <ChevronRight size={13} /> : <ChevronDown size={13} />}
          <span className={styles.name}>{name}</span>
          <span className={styles.count}>{views.length}</span>
        </button>
        <Menu
          label={`Section ${name}`}
          trigger={
            <button type="button" className={styles.more} aria-label={`Actions for the section ${name}`}>
              <Ellipsis size={14} />
            </button>
          }
        >
          <MenuItem icon={<Plus size={14} />} onSelect={() => setTimeout(onAdd, 60)}>
            New view here
          </MenuItem>
          <MenuItem icon={<Pencil size={14} />} onSelect={() => setTimeout(() => setRenaming(true), 60)}>
            Rename section
          </MenuItem>
          <MenuItem icon={<Ungroup size={14} />} onSelect={() => renameAll('')}>
            Dissolve section
          </MenuItem>
        </Menu>
      </div>
      {!folded && <ul className={styles.list}>{children}</ul>}
      {renaming && (
        <NamePrompt
          title="Rename section"
          label="Name"
          start={name}
          action="Rename"
          onDone={renameAll}
          onClose={() => setRenaming(false)}
        />
      )}
    </section>
  )
}
