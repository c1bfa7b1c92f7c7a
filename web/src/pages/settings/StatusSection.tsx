/** Is it safe to let others in? The go-live checklist, computed from the running system. Admins only. */

import { useQuery } from '@tanstack/react-query'
import { AlertTriangle, CheckCircle2, RotateCw, XCircle } from 'lucide-react'
import { api, explain } from '../../api/client'
import type { SecurityFinding, SecurityStatus } from '../../api/types'
import { Button } from '../../ui/Button'
import { Badge, Notice, SkeletonLines } from '../../ui/Feedback'
import { PageHead } from '../../ui/Page'
import { PolicyCard } from './PolicyCard'
import { Card } from './parts'
import styles from './Status.module.css'

export const STATUS = ['security-status'] as const

const LOOK = {
  problem: { icon: XCircle, word: 'Problem', tone: 'red' },
  attention: { icon: AlertTriangle, word: 'Attention', tone: 'yellow' },
  ok: { icon: CheckCircle2, word: 'OK', tone: 'green' },
} as const

const ORDER = ['problem', 'attention', 'ok'] as const

export function StatusSection() {
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: STATUS,
    queryFn: () => api.get<SecurityStatus>('/api/admin/security-status'),
    staleTime: 0,
  })
  return (
    <>
      <PageHead
        title="Security status"
        text="What to look at before others use this CRM, computed from the running system."
        action={
          <Button icon={<RotateCw size={14} />} busy={isFetching} onClick={() => void refetch()}>
            Check again
          </Button>
        }
      />
      {error && <Notice tone="danger">{explain(error)}</Notice>}
      {!data && !error && <SkeletonLines count={6} />}
      {data && (
        <>
          <Verdict findings={data.findings} />
          <Card flush>
            <ul aria-label="Checklist">
              {sorted(data.findings).map((finding) => (
                <Point key={finding.key} finding={finding} />
              ))}
            </ul>
          </Card>
        </>
      )}
      <PolicyCard />
    </>
  )
}

const sorted = (findings: SecurityFinding[]) =>
  [...findings].sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state))

function Verdict({ findings }: { findings: SecurityFinding[] }) {
  const count = (state: SecurityFinding['state']) => findings.filter((finding) => finding.state === state).length
  const problems = count('problem')
  const attention = count('attention')
  if (problems > 0) {
    return (
      <Notice
        tone="danger"
        title={problems === 1 ? 'One problem to solve first' : `${problems} problems to solve first`}
      >
        Solve what is marked as a problem before anybody else signs in.
      </Notice>
    )
  }
  if (attention > 0) {
    return (
      <Notice
        tone="warning"
        title={attention === 1 ? 'One point deserves a look' : `${attention} points deserve a look`}
      >
        Nothing stands in the way; decide about each point whether it is meant.
      </Notice>
    )
  }
  return (
    <Notice tone="success" title="Ready for others">
      Every point is in order.
    </Notice>
  )
}

function Point({ finding }: { finding: SecurityFinding }) {
  const { icon: Icon, word, tone } = LOOK[finding.state]
  return (
    <li className={styles.point} data-state={finding.state}>
      <Icon size={17} className={styles.icon} aria-hidden="true" />
      <div className={styles.text}>
        <div className={styles.title}>
          {finding.title}
          {finding.state === 'ok' ? <span className="visually-hidden">{word}</span> : <Badge tone={tone}>{word}</Badge>}
        </div>
        <p>{finding.detail}</p>
        {finding.advice && <p className={styles.advice}>{finding.advice}</p>}
      </div>
    </li>
  )
}
