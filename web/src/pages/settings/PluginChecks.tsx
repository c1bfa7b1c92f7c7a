/** What a plugin watches, asked anew each time it is shown. */
import { useQuery } from '@tanstack/react-query'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { api, explain } from '../../api/client'
import type { PluginCheck } from '../../api/types'
import { Notice, SkeletonLines } from '../../ui/Feedback'
import styles from './Settings.module.css'

export function PluginChecks({ name }: { name: string }) {
  const { data, error } = useQuery({
    queryKey: ['plugin-checks', name],
    queryFn: async () => (await api.post<{ checks: PluginCheck[] }>(`/api/plugins/${name}/check`)).checks,
    gcTime: 0,
    retry: false,
  })
  if (error) return <Notice tone="danger">{explain(error)}</Notice>
  if (!data) return <SkeletonLines count={1} />
  return (
    <ul className={styles.checks}>
      {data.map((check) => (
        <li key={check.name} data-ok={check.ok}>
          {check.ok ? (
            <CircleCheck size={15} aria-label="Works" />
          ) : (
            <CircleAlert size={15} aria-label="Does not work" />
          )}
          <span>
            <strong>{check.name}</strong> {check.detail}
          </span>
        </li>
      ))}
    </ul>
  )
}
