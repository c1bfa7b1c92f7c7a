/** The pages by address. Each page but the frame is its own chunk. */
import { Route, Switch } from 'wouter'
import { GridRoute } from './pages/GridRoute'
import { TooltipProvider } from './ui/Tooltip'

export function App() {
  return (
    <TooltipProvider delay={400}>
      <Switch>
        <Route path="/">{() => <GridRoute />}</Route>
        <Route path="/t/:table/:record?">{(params) => <GridRoute table={params.table} record={params.record} />}</Route>
      </Switch>
    </TooltipProvider>
  )
}
