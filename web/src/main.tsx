import '@glideapps/glide-data-grid/dist/index.css'
import './theme/base.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App'
import { queryClient } from './api/queries'
import { keepAboveKeyboard } from './theme/keyboard'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

keepAboveKeyboard()
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
)
