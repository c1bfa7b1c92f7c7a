/** Every address of the app in one place. `table` is a table's key (or id), `record` a record id. */
export const paths = {
  home: '/',
  table: (table: string) => `/t/${encodeURIComponent(table)}`,
  record: (table: string, record: string) => `/t/${encodeURIComponent(table)}/${encodeURIComponent(record)}`,
  /** A table as it was: `then` is a version, a date or a moment. */
  past: (table: string, then: string | number, view?: string) =>
    `/t/${encodeURIComponent(table)}?as_of=${encodeURIComponent(then)}${view ? `&view=${encodeURIComponent(view)}` : ''}`,
  duplicates: (table?: string) => (table ? `/duplicates?table=${encodeURIComponent(table)}` : '/duplicates'),
  /** Records side by side, the one that stays first; `back` leads to the list of suggestions afterwards. */
  merge: (table: string, records: readonly string[], back = false) =>
    `/merge?table=${encodeURIComponent(table)}&records=${records.join(',')}${back ? '&back=list' : ''}`,
  setup: '/setup',
  invite: '/invite',
  signin: '/signin',
  import: (table?: string) => (table ? `/import?table=${encodeURIComponent(table)}` : '/import'),
  activity: (record?: string) => (record ? `/activity?record=${encodeURIComponent(record)}` : '/activity'),
  /** `cold`: after how many days of silence an investor counts as going cold. */
  dashboards: (cold?: number) => (cold ? `/dashboards?cold=${cold}` : '/dashboards'),
  requests: '/requests',
  settings: (section = 'profile') => `/settings/${section}`,
  tasks: (show?: string) => (show && show !== 'mine' ? `/tasks?show=${show}` : '/tasks'),
  trash: (table?: string) => (table ? `/trash?table=${encodeURIComponent(table)}` : '/trash'),
} as const
