/** Keeps one broken page from taking the whole window with it. */
import { Bug } from 'lucide-react'
import { Component, type ErrorInfo, type ReactNode } from 'react'
import { Button } from '../ui/Button'
import { EmptyState } from '../ui/Feedback'

interface State {
  error: Error | null
}

export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null }

  static getDerivedStateFromError(error: Error): State {
    return { error }
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error('A page failed to draw', error, info.componentStack)
  }

  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <EmptyState
        icon={<Bug size={20} />}
        title="This page stopped working"
        text={`Your data is safe on the server. The message was: ${error.message}`}
        actions={
          <>
            <Button onClick={() => this.setState({ error: null })}>Try again</Button>
            <Button variant="primary" onClick={() => window.location.reload()}>
              Reload
            </Button>
          </>
        }
      />
    )
  }
}
