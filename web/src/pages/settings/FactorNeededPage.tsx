/** All that somebody sees who lacks the second factor that the team's policy demands: where to set one up. */

import { api } from '../../api/client'
import { leaveSession } from '../../api/queries'
import { useTitle } from '../../shell/useTitle'
import { Button } from '../../ui/Button'
import { PageHead } from '../../ui/Page'
import { SecondFactorCard } from './SecondFactorCard'
import styles from './Settings.module.css'

export default function FactorNeededPage() {
  async function leave() {
    await api.delete('/api/session')
    await leaveSession()
  }
  useTitle('Set up a second factor')
  return (
    <main className={styles.scroll}>
      <div className={styles.content}>
        <PageHead
          title="Set up a second factor"
          text="Your team asks for it. Everything else opens as soon as you have one."
          action={<Button onClick={() => void leave()}>Sign out</Button>}
        />
        <SecondFactorCard />
      </div>
    </main>
  )
}
