/** The rows on screen: selection, keys, editors, clipboard and menus around the surface. */
import { Plus } from 'lucide-react'
import { type RefObject, useEffect, useMemo } from 'react'
import type { ViewConfig } from '../api/types'
import type { RowQuery } from '../store/tableRows'
import { IconButton } from '../ui/Button'
import { frozenOf, moved, orderedFields, rowHeightOf, widthOf } from './columns'
import { EmptyGrid } from './EmptyGrid'
import { CellEditor } from './editors/CellEditor'
import { FieldDialog } from './fields/FieldDialog'
import { HeaderMenu } from './fields/HeaderMenu'
import { Footer } from './footer/Footer'
import styles from './Grid.module.css'
import type { GridModel, Setting } from './model'
import { RowMenu } from './RowMenu'
import { GridSurface } from './surface/GridSurface'
import type { SurfaceColumn } from './surface/types'
import { useTestHandle } from './testHandle'
import { useClipboard } from './useClipboard'
import { useGridControl } from './useGridControl'

interface GridBodyProps {
  model: GridModel
  setting: Setting
  config: ViewConfig
  onConfig: (patch: ViewConfig) => void
  query: RowQuery
  onOpenRecord: (id: string | undefined) => void
  openRecord: string | undefined
  /** Filled here, so that the toolbar's button adds a record where the grid would. */
  add: RefObject<() => void>
}

export function GridBody({ model, setting, config, onConfig, query, onOpenRecord, openRecord, add }: GridBodyProps) {
  const control = useGridControl(model, setting, onOpenRecord)
  const { surface, selection, editing, total } = control
  const clipboard = useClipboard(model, control)
  useTestHandle(model, control)

  const { append } = control
  useEffect(() => {
    add.current = append
  }, [add, append])

  const columns = useMemo(
    () =>
      setting.fields.map((field): SurfaceColumn => {
        const sort = config.sorts?.find((one) => one.field === field.id)
        return {
          id: field.id,
          title: field.name,
          width: widthOf(field, config),
          icon: field.kind,
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
  const { setFieldDialog } = control
  const addField = useMemo(
    () => (
      <div className={styles.addField}>
        <IconButton label="Add a field" size="small" onClick={() => setFieldDialog({})}>
          <Plus size={15} />
        </IconButton>
      </div>
    ),
    [setFieldDialog],
  )
  const empty = total === 0
  const filtered = query.search !== '' || query.filter !== null

  return (
    <div
      className={styles.body}
      onCopy={clipboard.copy}
      onCut={clipboard.cut}
      onPaste={clipboard.paste}
      onPointerDownCapture={control.pressed}
    >
      <div className={styles.canvas}>
        <GridSurface
          ref={surface}
          columns={columns}
          frozen={frozenOf(config, columns.length)}
          rows={total ?? 40}
          rowHeight={rowHeightOf(config)}
          version={control.version}
          cell={control.paint}
          selection={selection}
          onSelection={control.select}
          onKey={control.key}
          onActivate={control.activate}
          onClick={control.click}
          onVisible={control.visible}
          onHeaderMenu={control.openHeaderMenu}
          onCellMenu={control.openRowMenu}
          onExpand={control.expand}
          onMoveColumn={move}
          onResizeColumn={resize}
          onFill={control.fill}
          afterColumns={addField}
          {...(total === undefined
            ? {}
            : { onAppend: control.append, appendHint: `Add ${setting.table.name_one.toLowerCase()}` })}
        />
        {empty && <EmptyGrid model={model} filtered={filtered} onAdd={control.append} />}
      </div>
      <Footer model={model} setting={setting} config={config} columns={columns} query={query} control={control} />
      {editing && (
        <CellEditor
          key={`${editing.record}/${editing.field.id}`}
          field={editing.field}
          context={model.context(editing.field)}
          value={editing.value}
          seed={editing.seed}
          at={editing.at}
          record={editing.record}
          tables={setting.tables}
          workspace={model.workspace}
          commit={control.commit}
          cancel={control.cancel}
        />
      )}
      <HeaderMenu model={model} setting={setting} config={config} onConfig={onConfig} control={control} />
      <RowMenu model={model} control={control} clipboard={clipboard} onOpenRecord={onOpenRecord} />
      <FieldDialog model={model} setting={setting} control={control} />
    </div>
  )
}
