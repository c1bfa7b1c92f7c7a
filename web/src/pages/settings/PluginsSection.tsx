/** One card a plugin: its state with the reason and the next step, on and off, its settings, checks and data, what it talks to. Admins only. */

import { useQuery } from '@tanstack/react-query'
import { ChevronDown, Globe, Puzzle, ShieldCheck } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { api, explain } from '../../api/client'
import { pluginsKey, queryClient } from '../../api/queries'
import type { Plugin, PluginState } from '../../api/types'
import { toast } from '../../shell/toasts'
import { Button } from '../../ui/Button'
import { Badge, Notice, SkeletonLines } from '../../ui/Feedback'
import { PageHead } from '../../ui/Page'
import { Switch } from '../../ui/Switch'
import { PluginChecks } from './PluginChecks'
import { Card } from './parts'
import { RemoveDataDialog } from './RemoveDataDialog'
import { SchemaForm } from './SchemaForm'
import styles from './Settings.module.css'
import { readSchema } from './schemaForm'

const Markdown = lazy(() => import('react-markdown'))

const STATES: Record<PluginState, { text: string; tone: 'gray' | 'green' | 'yellow' | 'red' }> = {
  on: { text: 'On', tone: 'green' },
  off: { text: 'Off', tone: 'gray' },
  needs_setup: { text: 'Needs setup', tone: 'yellow' },
  resting: { text: 'Resting', tone: 'yellow' },
  blocked: { text: 'Blocked', tone: 'gray' },
  broken: { text: 'Broken', tone: 'red' },
  failed: { text: 'Failed', tone: 'red' },
  missing: { text: 'Missing', tone: 'red' },
  migration_failed: { text: 'Migration failed', tone: 'red' },
}

export function PluginsSection() {
  const { data, error } = useQuery({
    queryKey: pluginsKey,
    queryFn: async () => (await api.get<{ plugins: Plugin[] }>('/api/plugins')).plugins,
  })
  return (
    <>
      <PageHead
        title="Plugins"
        text="Switch parts of the CRM on and off while it runs. Switching off keeps their data; removing it is a step of its own."
      />
      {error && <Notice tone="danger">{explain(error)}</Notice>}
      {!data && !error && <SkeletonLines count={6} />}
      {data?.map((plugin) => (
        <PluginCard key={plugin.name} plugin={plugin} />
      ))}
    </>
  )
}

const HOOKS: Record<string, string> = {
  crm_storage: 'Stores in',
  crm_importers: 'Reads',
  crm_exporters: 'Writes',
  crm_health_checks: 'Watches',
  crm_commands: 'Commands',
}

const NAMED = 6

/** What a plugin gives, a line for each sort of thing: `Reads csv`; of many the number: `94 formula functions`. */
export function describeProvided(provides: Plugin['provides']): string[] {
  const hooks = [...new Set(provides.map((item) => item.hook))]
  return hooks.map((hook) => {
    const names = provides.filter((item) => item.hook === hook).map((item) => item.name)
    if (names.length > NAMED) return `${names.length} ${hook.replace('crm_', '').replaceAll('_', ' ')}`
    return `${HOOKS[hook] ?? 'Provides'} ${names.join(', ')}`
  })
}

function keep(plugin: Plugin): void {
  queryClient.setQueryData<Plugin[]>(pluginsKey, (all) =>
    all?.map((item) => (item.name === plugin.name ? plugin : item)),
  )
}

type Part = 'settings' | 'checks' | 'about'

function PluginCard({ plugin }: { plugin: Plugin }) {
  const [busy, setBusy] = useState(false)
  const [removing, setRemoving] = useState(false)
  const [open, setOpen] = useState<Part | null>(plugin.state === 'needs_setup' ? 'settings' : null)
  const state = STATES[plugin.state]
  const troubled = state.tone === 'red' || state.tone === 'yellow' || plugin.state === 'blocked'
  const running = plugin.state === 'on' || plugin.state === 'resting'
  const formed = readSchema(plugin.settings_schema).length > 0

  async function flip(on: boolean) {
    setBusy(true)
    try {
      keep(await api.post<Plugin>(`/api/plugins/${plugin.name}/${on ? 'enable' : 'disable'}`))
    } catch (problem) {
      toast({ text: `${plugin.title}: ${explain(problem)}`, tone: 'danger' })
      void queryClient.invalidateQueries({ queryKey: pluginsKey })
    } finally {
      setBusy(false)
    }
  }

  async function save(settings: Record<string, unknown>) {
    keep(await api.patch<Plugin>(`/api/plugins/${plugin.name}/settings`, settings))
    toast({ text: `${plugin.title}: settings saved`, tone: 'success' })
  }

  const watches = running && plugin.provides.some((item) => item.hook === 'crm_health_checks')
  const toggle = (part: Part) => setOpen(open === part ? null : part)
  return (
    <Card>
      <div className={styles.plugin}>
        <div className={styles.pluginTop}>
          <span className={styles.pluginIcon} aria-hidden="true">
            <Puzzle size={16} />
          </span>
          <div className={styles.pluginText}>
            <div className={styles.pluginTitle}>
              <h2>{plugin.title}</h2>
              <Badge tone={state.tone}>{state.text}</Badge>
              {plugin.version && <small>v{plugin.version}</small>}
            </div>
            <p>{plugin.summary}</p>
          </div>
          <Switch
            checked={running}
            onChange={(on) => void flip(on)}
            label={plugin.pinned ? `${plugin.title} is always on` : `${plugin.title} on or off`}
            disabled={
              busy ||
              plugin.pinned ||
              plugin.state === 'missing' ||
              plugin.state === 'broken' ||
              plugin.state === 'blocked'
            }
          />
        </div>
        {troubled && (plugin.reason || plugin.next_step) && (
          <Notice tone={state.tone === 'red' ? 'danger' : 'warning'} title={plugin.reason}>
            {plugin.next_step}
          </Notice>
        )}
        <div className={styles.pluginFacts}>
          <span>
            {plugin.talks_to.length > 0 ? <Globe size={13} /> : <ShieldCheck size={13} />}
            {plugin.talks_to.length > 0 ? `Talks to ${plugin.talks_to.join(', ')}` : 'Stays on this machine'}
          </span>
          {describeProvided(plugin.provides).map((line) => (
            <span key={line}>{line}</span>
          ))}
        </div>
        <div className={styles.pluginMore}>
          {formed && (
            <Button size="small" variant="ghost" aria-expanded={open === 'settings'} onClick={() => toggle('settings')}>
              Settings <ChevronDown size={13} />
            </Button>
          )}
          {watches && (
            <Button size="small" variant="ghost" aria-expanded={open === 'checks'} onClick={() => toggle('checks')}>
              Check <ChevronDown size={13} />
            </Button>
          )}
          {plugin.readme && (
            <Button size="small" variant="ghost" aria-expanded={open === 'about'} onClick={() => toggle('about')}>
              About <ChevronDown size={13} />
            </Button>
          )}
          {plugin.removable && (
            <Button size="small" variant="ghost" className={styles.removal} onClick={() => setRemoving(true)}>
              Remove data…
            </Button>
          )}
        </div>
        {open === 'settings' && formed && (
          <div className={styles.pluginPart}>
            <SchemaForm schema={plugin.settings_schema} settings={plugin.settings} onSave={save} />
          </div>
        )}
        {open === 'checks' && watches && (
          <div className={styles.pluginPart}>
            <PluginChecks name={plugin.name} />
          </div>
        )}
        {open === 'about' && plugin.readme && (
          <div className={`${styles.pluginPart} ${styles.readme}`}>
            <Suspense fallback={<SkeletonLines count={4} />}>
              <Markdown>{plugin.readme}</Markdown>
            </Suspense>
          </div>
        )}
      </div>
      {removing && <RemoveDataDialog plugin={plugin} onClose={() => setRemoving(false)} />}
    </Card>
  )
}
