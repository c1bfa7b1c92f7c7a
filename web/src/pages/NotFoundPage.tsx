/** An address that names nothing. */
import { Compass } from 'lucide-react'
import { Link } from 'wouter'
import { buttonClass } from '../ui/Button'
import { EmptyState } from '../ui/Feedback'
import { paths } from './paths'

export function NotFoundPage({ what = 'page' }: { what?: string }) {
  return (
    <EmptyState
      heading="h1"
      icon={<Compass size={20} />}
      title={`There is no such ${what}`}
      text="It may have been renamed or removed, or the link may be cut short."
      actions={
        <Link href={paths.home} className={buttonClass('primary')}>
          Go to the grid
        </Link>
      }
    />
  )
}
