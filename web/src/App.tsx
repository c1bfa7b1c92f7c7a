/** The pages by address, and who may see them: without a session only the account pages are there. */
import { CSPProvider } from '@base-ui/react/csp-provider'
import { CloudOff } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import { Redirect, Route, Switch, useLocation, useRoute, useSearch } from 'wouter'
import { ApiError, explain, setUnauthorizedHandler } from './api/client'
import { queryClient, sessionKey, useSession } from './api/queries'
import { LightBox } from './files/LightBox'
import { InvitePage } from './pages/account/InvitePage'
import { SetupNeededPage, SetupPage } from './pages/account/SetupPage'
import { SignInPage } from './pages/account/SignInPage'
import { GridRoute } from './pages/GridRoute'
import { NotFoundPage } from './pages/NotFoundPage'
import { nextPath, withNext } from './pages/next'
import { paths } from './pages/paths'
import { CommandPalette } from './shell/CommandPalette'
import { ConfirmDialog } from './shell/confirm'
import { Frame } from './shell/Frame'
import styles from './shell/Frame.module.css'
import { ProofDialog } from './shell/proof'
import { ShortcutSheet } from './shell/ShortcutSheet'
import { Toasts } from './shell/Toasts'
import { useListening } from './store/useWorkspace'
import { Button } from './ui/Button'
import { EmptyState, SkeletonLines } from './ui/Feedback'
import { TooltipProvider } from './ui/Tooltip'

const FactorNeededPage = lazy(() => import('./pages/settings/FactorNeededPage'))
const ActivityPage = lazy(() => import('./pages/activity/ActivityPage'))
const DashboardsPage = lazy(() => import('./pages/dashboards/DashboardsPage'))
const ImportPage = lazy(() => import('./pages/import/ImportPage'))
const DuplicatesPage = lazy(() => import('./pages/duplicates/DuplicatesPage'))
const MergePage = lazy(() => import('./pages/duplicates/MergePage'))
const RequestsPage = lazy(() => import('./pages/requests/RequestsPage'))
const SettingsPage = lazy(() => import('./pages/settings/SettingsPage'))
const TasksPage = lazy(() => import('./pages/tasks/TasksPage'))
const TrashPage = lazy(() => import('./pages/trash/TrashPage'))

export function App() {
  useEffect(() => {
    setUnauthorizedHandler(() => void queryClient.invalidateQueries({ queryKey: sessionKey }))
  }, [])
  return (
    <CSPProvider disableStyleElements>
      <TooltipProvider delay={400}>
        <Pages />
        <Toasts />
        <ConfirmDialog />
        <ProofDialog />
      </TooltipProvider>
    </CSPProvider>
  )
}

function Pages() {
  const { data: session, error, refetch } = useSession()
  const [location] = useLocation()
  const search = useSearch()
  if (!session) return error ? <Unreachable error={error} retry={() => void refetch()} /> : <div aria-busy="true" />
  const { user } = session
  return (
    <Switch>
      <Route path={paths.setup}>{session.setup_needed ? <SetupPage /> : <Redirect to={paths.home} replace />}</Route>
      <Route path={paths.invite}>
        <InvitePage />
      </Route>
      <Route path={paths.signin}>
        {user ? (
          <Redirect to={nextPath(search)} replace />
        ) : session.setup_needed ? (
          <SetupNeededPage />
        ) : (
          <SignInPage />
        )}
      </Route>
      <Route>
        {user && session.lacks_factor ? (
          <Suspense fallback={<PageSkeleton />}>
            <FactorNeededPage />
          </Suspense>
        ) : user ? (
          <SignedIn user={user.id} />
        ) : (
          <Redirect to={withNext(paths.signin, location + (search ? `?${search}` : ''))} replace />
        )}
      </Route>
    </Switch>
  )
}

function SignedIn({ user }: { user: string }) {
  useListening(user)
  // One place for both addresses of the grid: it must stay as it is when a record is opened from the start page.
  const [atHome] = useRoute('/')
  const [, inTable] = useRoute('/t/:table/:record?')
  return (
    <>
      <CommandPalette />
      <ShortcutSheet />
      <LightBox />
      {atHome || inTable ? (
        <GridRoute table={inTable?.table} record={inTable?.record} />
      ) : (
        <Switch>
          <Route path="/activity">{() => inFrame('Activity', <ActivityPage />)}</Route>
          <Route path="/dashboards">{() => inFrame('Dashboards', <DashboardsPage />)}</Route>
          <Route path="/duplicates">{() => inFrame('Duplicates', <DuplicatesPage />)}</Route>
          <Route path="/merge">{() => inFrame('Merge', <MergePage />)}</Route>
          <Route path="/requests">{() => inFrame('Feature requests', <RequestsPage />)}</Route>
          <Route path="/import">{() => inFrame('Import', <ImportPage />)}</Route>
          <Route path="/settings/:section?">
            {({ section = 'profile' }) => inFrame(`Settings: ${inWords(section)}`, <SettingsPage section={section} />)}
          </Route>
          <Route path="/tasks">{() => inFrame('Tasks', <TasksPage />)}</Route>
          <Route path="/trash">{() => inFrame('Trash', <TrashPage />)}</Route>
          <Route>{() => inFrame('Not found', <NotFoundPage />)}</Route>
        </Switch>
      )}
    </>
  )
}

/** The part of an address that names a section, as its heading names it. */
function inWords(section: string): string {
  return section.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase())
}

function inFrame(title: string, page: ReactNode) {
  return (
    <Frame title={title}>
      <Suspense fallback={<PageSkeleton />}>{page}</Suspense>
    </Frame>
  )
}

function PageSkeleton() {
  return (
    <div className={styles.loading}>
      <SkeletonLines count={6} />
    </div>
  )
}

function Unreachable({ error, retry }: { error: Error; retry: () => void }) {
  const offline = error instanceof ApiError && error.temporary
  return (
    <main className={styles.alone}>
      <EmptyState
        heading="h1"
        icon={<CloudOff size={20} />}
        title={offline ? 'The server cannot be reached' : 'Something went wrong'}
        text={
          offline ? 'Check that Venture CRM is running and that this computer is on the same network.' : explain(error)
        }
        actions={
          <Button variant="primary" onClick={retry}>
            Try again
          </Button>
        }
      />
    </main>
  )
}
