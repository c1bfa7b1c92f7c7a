/** One record with all there is about it, at an address of its own beside the grid. */
import { ChevronDown, ChevronUp, RotateCcw, X } from 'lucide-react'
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { explain } from '../api/client'
import { orderedFields } from '../grid/columns'
import { kindOf } from '../grid/kinds'
import { listOf } from '../grid/kinds/choices'
import type { GridModel, Setting } from '../grid/model'
import { Merged } from '../merging/Merged'
import { useHereCell } from '../presence/useHere'
import { Button, IconButton } from '../ui/Button'
import { Notice, SkeletonLines } from '../ui/Feedback'
import { Segments } from '../ui/Segments'
import { Comments, useComments } from './Comments'
import { FieldRow } from './FieldRow'
import { History } from './History'
import { LinkedList, linkedFields } from './LinkedList'
import { onWantedPart, type RecordPart, takeWantedPart, wantedPart, wantPart } from './parts'
import styles from './Record.module.css'
import { Tasks } from './Tasks'
import { Timeline } from './Timeline'
import { taskTable } from './taskTable'
import { useRecord } from './useRecord'

interface RecordPanelProps {
  model: GridModel
  setting: Setting
  id: string
  open: (id: string | undefined) => void
}

export function RecordPanel({ model, setting, id, open }: RecordPanelProps) {
  const record = useRecord(model, id)
  const [tab, setTab] = useState<RecordPart>(() => wantedPart(id) ?? 'fields')
  const panel = useRef<HTMLElement>(null)
  const { table, tables } = setting
  const row = useRow(model, id, record.answer !== undefined && !record.answer.deleted_at)
  const real = model.workspace.queue.realId(id)
  const base = `/api/tables/${table.id}/records/${real}`
  const { data: comments } = useComments(base)
  const tasks = useMemo(() => taskTable(tables), [tables])
  const linked = useMemo(() => linkedFields(table, tables), [table, tables])
  const lists = linked.filter(({ other }) => other.id !== tasks?.table.id)
  const taskLink = linked.find(({ other }) => other.id === tasks?.table.id)
  const listed = new Set(linked.map(({ field }) => field.id))
  const fields = orderedFields(table, {}).filter((field) => !listed.has(field.id))
  const locked = Boolean(record.answer?.deleted_at)
  const contacts = lists.find(({ other }) => other.key === 'contacts')
  const primary = table.fields.find((field) => field.id === table.primary_field)
  const named = primary && kindOf(primary).format(record.value(primary.id), model.context(primary))
  const title = named || `Unnamed ${table.name_one.toLowerCase()}`

  // The id of a merged record leads to the one it was merged into.
  const leads = record.answer && record.answer.id !== real ? record.answer.id : undefined
  useEffect(() => {
    if (leads === undefined) return
    wantPart(leads, tab)
    open(leads)
  }, [leads, open, tab])
  useEffect(() => {
    const take = () => panel.current?.focus({ preventScroll: true })
    take()
    // Glide takes the focus a frame after a press; a record opened within that frame keeps it.
    const frame = requestAnimationFrame(() => {
      if (document.activeElement?.closest('[data-grid-surface]')) take()
    })
    return () => cancelAnimationFrame(frame)
  }, [])
  useHereCell(model.workspace, id, table.primary_field)
  useEffect(() => {
    const take = () => {
      const part = takeWantedPart(id)
      if (part) setTab(part)
    }
    take()
    return onWantedPart(take)
  }, [id])

  const step = async (by: 1 | -1) => {
    const next = row === undefined ? undefined : model.nearest(row + by, by)
    if (next === undefined) return
    await model.ensure(next, next)
    const found = model.idAt(next)
    if (found === undefined) return
    wantPart(found, tab)
    open(found)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement
    if (event.key === 'Escape' && !event.defaultPrevented) open(undefined)
    else if (event.key === ' ' && event.target === panel.current) open(undefined)
    else if (!typing && event.altKey && event.key === 'ArrowRight') void step(1)
    else if (!typing && event.altKey && event.key === 'ArrowLeft') void step(-1)
    else if ((event.ctrlKey || event.metaKey) && event.shiftKey && event.code === 'Period') void step(1)
    else if ((event.ctrlKey || event.metaKey) && event.shiftKey && event.code === 'Comma') void step(-1)
    else if (!typing && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z')
      event.shiftKey ? model.workspace.redo() : model.workspace.undo()
    else if (!typing && (event.ctrlKey || event.metaKey) && event.key === 'y') model.workspace.redo()
    else return
    event.preventDefault()
  }

  const restore = () => model.workspace.send([{ op: 'restore', table: table.id, ids: [id] }], `Restore ${title}`)
  return (
    <aside ref={panel} className={styles.panel} aria-label={title} tabIndex={-1} onKeyDown={onKeyDown}>
      <header className={styles.head}>
        <IconButton
          label="Previous record"
          shortcut="Alt+←"
          size="small"
          disabled={row === undefined || model.nearest(row - 1, -1) === undefined}
          onClick={() => void step(-1)}
        >
          <ChevronUp size={15} />
        </IconButton>
        <IconButton
          label="Next record"
          shortcut="Alt+→"
          size="small"
          disabled={row === undefined || model.nearest(row + 1, 1) === undefined}
          onClick={() => void step(1)}
        >
          <ChevronDown size={15} />
        </IconButton>
        <span className={styles.kind}>{table.name_one}</span>
        <IconButton label="Close" shortcut="Esc" size="small" onClick={() => open(undefined)}>
          <X size={15} />
        </IconButton>
      </header>
      <div className={styles.scroll}>
        <h2 className={styles.title}>{title}</h2>
        <Merged workspace={model.workspace} tables={tables} table={table} record={real} />
        {record.problem !== undefined && !record.answer && (
          <Notice tone="danger" title="This record cannot be shown">
            {explain(record.problem)}
          </Notice>
        )}
        {record.answer?.deleted_at && (
          <Notice
            tone="warning"
            title="This record is in the trash"
            action={
              <Button size="small" icon={<RotateCcw size={13} />} onClick={restore}>
                Restore
              </Button>
            }
          />
        )}
        <div className={styles.parts}>
          <Segments
            label="Part of the record"
            value={tab}
            onChange={setTab}
            options={[
              { value: 'fields', label: 'Fields' },
              { value: 'timeline', label: 'Timeline' },
              ...(taskLink
                ? [{ value: 'tasks' as const, label: counted('Tasks', record.value(taskLink.field.id)) }]
                : []),
              { value: 'comments', label: comments?.total ? `Comments ${comments.total}` : 'Comments' },
              { value: 'history', label: 'History' },
            ]}
          />
        </div>
        {!record.answer && record.problem === undefined ? (
          <SkeletonLines count={10} />
        ) : tab === 'fields' ? (
          <>
            <div className={styles.fields}>
              {fields.map((field) => (
                <FieldRow
                  key={field.id}
                  model={model}
                  setting={setting}
                  field={field}
                  record={id}
                  value={record.value(field.id)}
                  locked={locked}
                />
              ))}
            </div>
            {lists.map(({ field, other, back }) => (
              <LinkedList
                key={field.id}
                workspace={model.workspace}
                table={table}
                tables={tables}
                field={field}
                other={other}
                back={back}
                record={real}
                value={record.value(field.id)}
                locked={locked}
              />
            ))}
          </>
        ) : tab === 'timeline' ? (
          <Timeline
            model={model}
            base={base}
            locked={locked}
            contacts={contacts ? listOf(record.value(contacts.field.id)) : []}
          />
        ) : tab === 'tasks' && taskLink && tasks ? (
          <Tasks
            workspace={model.workspace}
            tasks={tasks}
            tables={tables}
            link={taskLink.back}
            record={real}
            locked={locked}
          />
        ) : tab === 'comments' ? (
          <Comments base={base} locked={locked} />
        ) : (
          <History model={model} id={id} stamp={record.changes} locked={locked} />
        )}
      </div>
    </aside>
  )
}

/** The record's row. One that no window holds (the panel was opened by its address) is read, so that its neighbours are known. */
function useRow(model: GridModel, id: string, exists: boolean): number | undefined {
  const subscribe = useCallback((changed: () => void) => model.rows.subscribe(changed), [model])
  const row = useSyncExternalStore(subscribe, () => model.rowOf(id))
  const lacking = exists && row === undefined
  useEffect(() => {
    if (!lacking) return
    const read = async () => {
      const place = await model.rows.placeOf(id)
      if (place !== undefined) await model.rows.ensure(place, place)
    }
    read().catch(() => undefined) // the panel works without its neighbours
  }, [model, id, lacking])
  return row
}

/** `Tasks 3`, or the plain word when there are none. */
function counted(word: string, value: Parameters<typeof listOf>[0]): string {
  const number = listOf(value).length
  return number > 0 ? `${word} ${number}` : word
}
