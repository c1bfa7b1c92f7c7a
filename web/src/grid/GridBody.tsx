/** The rows on screen: selection, keys, editors, clipboard and menus around the surface. */
import { Plus } from 'lucide-react'
import { type RefObject, useCallback, useEffect, useMemo } from 'react'
import type { RecordId, UserId, ViewConfig } from '../api/types'
import { useCellMarks } from '../presence/useCellMarks'
import { useHereCell } from '../presence/useHere'
import type { RowQuery } from '../store/rowQuery'
import { IconButton } from '../ui/Button'
import { frozenOf, moved, orderedFields, rowHeightOf, widthOf } from './columns'
import { useKeepPlace } from './control/useKeepPlace'
import { EmptyGrid } from './EmptyGrid'
import { CellEditor } from './editors/CellEditor'
import { FieldDialog } from './fields/FieldDialog'
import { HeaderHint } from './fields/HeaderHint'
import { HeaderMenu } from './fields/HeaderMenu'
import { headerIcon, useHints } from './fields/useHints'
import { Footer } from './footer/Footer'
import { useAsked } from './formula/asking'
import { DependencyDialog } from './formula/DependencyDialog'
import { ExplainDialog } from './formula/ExplainDialog'
import styles from './Grid.module.css'
import type { GridModel, Setting } from './model'
import { RowMenu } from './RowMenu'
import { atCell } from './selection'
import { GridSurface } from './surface/GridSurface'
import type { SurfaceColumn } from './surface/types'
import { useTestHandle } from './testHandle'
import { useClipboard } from './useClipboard'
import { useFiles } from './useFiles'
import type { Found } from './useFind'
import { useGridCommands } from './useGridCommands'
import { useGridControl } from './useGridControl'

/** Pixels of a group's head among tall rows. */
const HEAD = 36

/** What the toolbar does with the grid: filled in by the grid that is on show. */
export interface GridHands {
  readonly append: () => void
  readonly focus: () => void
  /** Selects a cell and brings it into view; the focus stays where it is. */
  readonly goTo: (col: number, row: number) => void
}

interface GridBodyProps {
  model: GridModel
  setting: Setting
  config: ViewConfig
  onConfig: (patch: ViewConfig) => void
  query: RowQuery
  /** Who is signed in. */
  user: UserId
  onOpenRecord: (id: string | undefined) => void
  openRecord: string | undefined
  hands: RefObject<GridHands | undefined>
  found: Found
  onFold: (path: string, folded: boolean) => void
  colorOf: ((id: RecordId) => string | undefined) | undefined
}

export function GridBody({
  model,
  setting,
  config,
  onConfig,
  query,
  user,
  onOpenRecord,
  openRecord,
  ...rest
}: GridBodyProps) {
  const { hands, found, onFold, colorOf } = rest
  const control = useGridControl(model, setting, onOpenRecord, onFold)
  const { surface, selection, editing, total } = control
  const clipboard = useClipboard(model, control)
  const others = useCellMarks(model, surface, user)
  const [col, row] = selection.cell ?? []
  useHereCell(
    model.workspace,
    row === undefined || openRecord !== undefined ? undefined : model.idAt(row),
    col === undefined ? undefined : setting.fields[col]?.id,
  )
  useTestHandle(model, control, others)
  useGridCommands(model, control, clipboard)
  const dropping = useFiles(model)

  const { append, select } = control
  useEffect(() => {
    hands.current = {
      append,
      focus: () => surface.current?.focus(),
      goTo: (col, row) => {
        select(atCell(col, row))
        surface.current?.scrollTo(col, row)
      },
    }
  }, [hands, append, select, surface])

  const columns = useMemo(
    () =>
      setting.fields.map((field): SurfaceColumn => {
        const sort = config.sorts?.find((one) => one.field === field.id)
        return {
          id: field.id,
          title: field.name,
          width: widthOf(field, config),
          icon: headerIcon(field),
          ...(sort ? { sorted: sort.desc ? 'down' : 'up' } : {}),
        }
      }),
    [setting.fields, config],
  )

  // The grid takes the keys as soon as it is there, unless a record is open beside it.
  const ready = total !== undefined
  useEffect(() => {
    if (ready && openRecord === undefined && document.activeElement === document.body) surface.current?.focus()
  }, [ready, openRecord, surface])

  const resize = (col: number, width: number) => {
    const field = setting.fields[col]
    if (field) onConfig({ widths: { ...config.widths, [field.id]: Math.round(width) } })
  }
  const move = (from: number, to: number) => {
    const all = orderedFields(setting.table, config).map((field) => field.id)
    const shown = setting.fields.map((field) => field.id)
    onConfig({ order: moved(all, shown, from, to) })
  }
  const { openFieldDialog } = control
  const addField = useMemo(
    () => (
      <div className={styles.addField}>
        <IconButton label="Add a field" size="small" onClick={() => openFieldDialog({})}>
          <Plus size={15} />
        </IconButton>
      </div>
    ),
    [openFieldDialog],
  )
  const { hint, overHeader, overCell } = useHints(model)
  const asking = useAsked((state) => state.explained !== undefined)
  const tall = rowHeightOf(config)
  const grouped = setting.groups.length > 0
  const heights = useMemo(() => {
    // A height that depends on the row is added up row by row, which large tables would feel.
    if (!grouped || tall <= HEAD || (total ?? 0) > 5000) return tall
    return (row: number) => (control.mark(row).kind === 'record' ? tall : HEAD)
  }, [grouped, tall, total, control.mark])
  const { selectionNow, follow } = control
  const activeRecord = useCallback(() => {
    const { cell } = selectionNow()
    return cell && model.idAt(cell[1])
  }, [model, selectionNow])
  useKeepPlace(model, surface, { version: control.version, heights, active: activeRecord, follow })
  const rowColor = useMemo(
    () =>
      colorOf &&
      ((row: number) => {
        const id = model.idAt(row)
        return id === undefined ? undefined : colorOf(id)
      }),
    [colorOf, model],
  )
  const empty = total === 0 || model.rows.unread
  const filtered = query.search !== '' || query.filter !== null

  return (
    <div
      className={styles.body}
      onCopy={clipboard.copy}
      onCut={clipboard.cut}
      onPaste={(event) => dropping.paste(event, selection.cell) || clipboard.paste(event)}
      onPointerDownCapture={control.pressed}
    >
      <div className={styles.canvas}>
        <GridSurface
          ref={surface}
          columns={columns}
          frozen={frozenOf(config, columns.length)}
          rows={total ?? (empty ? 0 : 40)}
          rowHeight={heights}
          {...(grouped ? { mark: control.mark } : {})}
          {...(rowColor ? { rowColor } : {})}
          onMark={control.pressMark}
          {...(found.mark ? { found: found.mark } : {})}
          version={control.version}
          cell={control.paint}
          others={others}
          selection={selection}
          still={control.kept}
          onSelection={control.select}
          onKey={control.key}
          onActivate={control.activate}
          onClick={control.click}
          onVisible={control.visible}
          onHeaderMenu={control.openHeaderMenu}
          onCellMenu={control.openRowMenu}
          onExpand={control.expand}
          onHoverHeader={overHeader}
          onHoverCell={overCell}
          onMoveColumn={move}
          onResizeColumn={resize}
          takesFiles={dropping.takes}
          onFiles={dropping.drop}
          onFill={control.fill}
          dragging={control.dragging}
          afterColumns={addField}
          {...(total === undefined || (setting.groups.length > 0 && total > 0)
            ? {}
            : { onAppend: control.append, appendHint: `Add ${setting.table.name_one.toLowerCase()}` })}
        />
        {empty && <EmptyGrid model={model} filtered={filtered} onAdd={control.append} />}
      </div>
      <Footer
        model={model}
        setting={setting}
        config={config}
        columns={columns}
        query={query}
        control={control}
        onConfig={onConfig}
      />
      {editing && (
        <CellEditor
          key={`${editing.record}/${editing.field.id}`}
          field={editing.field}
          context={model.context(editing.field)}
          value={editing.value}
          seed={editing.seed}
          at={editing.at}
          large={editing.large}
          record={editing.record}
          tables={setting.tables}
          workspace={model.workspace}
          commit={control.commit}
          cancel={control.cancel}
        />
      )}
      {hint && !control.headerMenu && !asking && <HeaderHint key={hint.key} text={hint.text} at={hint.at} />}
      <HeaderMenu model={model} setting={setting} config={config} onConfig={onConfig} control={control} />
      <RowMenu model={model} control={control} clipboard={clipboard} onOpenRecord={onOpenRecord} />
      <FieldDialog model={model} setting={setting} control={control} />
      <ExplainDialog model={model} onEdit={(field) => openFieldDialog({ field })} />
      <DependencyDialog tables={setting.tables} shown={setting.table} onEdit={(field) => openFieldDialog({ field })} />
    </div>
  )
}
