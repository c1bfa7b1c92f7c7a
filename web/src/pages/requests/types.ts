/** Feature requests as the server sends them, and what their states are called. */
import type { components } from '../../api/schema'

export type FeatureRequest = components['schemas']['FeatureRequest']
export type FeatureRequests = components['schemas']['FeatureRequests']
export type Status = FeatureRequest['status']

export interface RequestChange {
  title?: string
  description?: string
  status?: Status
  voted?: boolean
  deleted?: boolean
}

export const STATUS_NAMES: Readonly<Record<Status, string>> = {
  open: 'Open',
  planned: 'Planned',
  in_progress: 'In progress',
  done: 'Done',
  declined: 'Declined',
}

export const STATUS_COLORS: Readonly<Record<Status, string>> = {
  open: 'gray',
  planned: 'blue',
  in_progress: 'yellow',
  done: 'green',
  declined: 'red',
}
