/** The deeds of the list of views, with the small dialogs that some of them ask by. */
import { type ReactNode, useState } from 'react'
import type { Table, User, View } from '../api/types'
import { announce } from '../grid/announce'
import { toast } from '../shell/toasts'
import type { Workspace } from '../store/workspace'
import { NamePrompt } from './NamePrompt'
import { livingViews } from './useView'
import type { ViewDeeds } from './ViewMenu'
import { changeView, deleteView, freeName, makeView, placeBefore, sectionsOf, starView } from './viewActions'

interface Asked {
  readonly view: View
  readonly what: 'description' | 'section'
}

export interface ViewTools {
  readonly views: readonly View[]
  readonly sections: readonly string[]
  readonly deedsOf: (view: View) => ViewDeeds
  readonly keyHolder: (view: View) => boolean
  readonly isOnly: (view: View) => boolean
  readonly renaming: string | undefined
  readonly rename: (view: View, name: string) => void
  readonly place: (view: View, section: string, before: string | null) => void
  readonly dialog: ReactNode
}

export function useViewDeeds(table: Table, user: User, workspace: Workspace, open: (id: string) => void): ViewTools {
  const [asked, setAsked] = useState<Asked>()
  const [renaming, setRenaming] = useState<string>()
  const views = livingViews(table)
  const sections = sectionsOf(views).map((section) => section.name)

  const place = (view: View, section: string, before: string | null) => {
    const position = placeBefore(views, view.id, before)
    void changeView(workspace, view, { section, position }, `Move ${view.name}`)
  }
  const duplicate = async (view: View, personal: boolean) => {
    const { kind, config, section, description } = view
    const name = freeName(views, `${view.name} copy`)
    const id = await makeView(workspace, table, { name, kind, personal, config, section, description })
    if (id) open(id)
  }
  const step = (view: View, by: -1 | 1) => {
    const same = views.filter((one) => one.section === view.section)
    const at = same.indexOf(view)
    const target = same[at + by]
    if (!target) return
    const after = same[at + 2]
    place(view, view.section, by === -1 ? target.id : (after?.id ?? nextOf(views, target)))
    announce(`${view.name} moved ${by === -1 ? 'up' : 'down'}`)
  }
  const deedsOf = (view: View): ViewDeeds => ({
    rename: () => later(() => setRenaming(view.id)),
    describe: () => later(() => setAsked({ view, what: 'description' })),
    duplicate: (personal) => void duplicate(view, personal),
    star: () => void starView(view, !view.starred),
    lock: () =>
      void changeView(
        workspace,
        view,
        { locked: !view.locked },
        view.locked ? `Unlock ${view.name}` : `Lock ${view.name}`,
      ),
    move: (section) => place(view, section, null),
    newSection: () => later(() => setAsked({ view, what: 'section' })),
    step: (by) => step(view, by),
    copyLink: () => {
      const address = `${window.location.origin}/t/${table.key}?view=${view.id}`
      void navigator.clipboard.writeText(address).then(() => toast({ text: `Link to ${view.name} copied` }))
    },
    remove: () => deleteView(workspace, view),
  })
  const dialog = asked && (
    <NamePrompt
      title={asked.what === 'section' ? 'New section' : `About ${asked.view.name}`}
      label={asked.what === 'section' ? 'Name of the section' : 'Description'}
      start={asked.what === 'section' ? '' : asked.view.description}
      action={asked.what === 'section' ? 'Move there' : 'Save'}
      long={asked.what === 'description'}
      onClose={() => setAsked(undefined)}
      onDone={(text) =>
        asked.what === 'section'
          ? place(asked.view, text, null)
          : void changeView(workspace, asked.view, { description: text }, `Describe ${asked.view.name}`)
      }
    />
  )
  return {
    ...{ views, sections, deedsOf, place, dialog, renaming },
    keyHolder: (view) => user.role === 'admin' || [view.owner, view.created_by].includes(user.id),
    isOnly: (view) => view.owner === null && views.filter((one) => one.owner === null).length === 1,
    rename: (view, name) => {
      setRenaming(undefined)
      const tidy = name.trim()
      if (tidy && tidy !== view.name) void changeView(workspace, view, { name: tidy }, `Rename ${view.name}`)
    },
  }
}

/** The closing menu gives the focus back first; what is opened at once would lose it. */
const later = (open: () => void): unknown => setTimeout(open, 60)

/** The view that follows another one in the whole list. */
function nextOf(views: readonly View[], view: View): string | null {
  return views[views.indexOf(view) + 1]?.id ?? null
}
