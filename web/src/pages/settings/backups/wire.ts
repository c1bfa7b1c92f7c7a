/** The shapes of backups as the server describes them, and how they read in words. */
import type { components } from '../../../api/schema'

type Wire = components['schemas']

export type Backup = Wire['BackupView']
export type BackupList = Wire['BackupList']
export type BackupPolicy = Wire['BackupPolicy']
export type BackupProgress = Wire['BackupProgress']
export type Proof = Wire['Proof']
export type RestorePreview = Wire['RestorePreview']
export type Restored = Wire['Restored']
export type TableDifference = Wire['TableDifference']
export type RecordDifference = Wire['RecordDifference']

export const backupsKey = ['backups'] as const
export const policyKey = ['backup-policy'] as const

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB']

/** A size as people say it: `299 KB`. */
export function sizeText(bytes: number): string {
  let size = bytes
  let unit = 0
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000
    unit += 1
  }
  return `${unit > 0 && size < 10 ? size.toFixed(1) : Math.round(size)} ${UNITS[unit]}`
}

const REASONS: Record<string, string> = {
  nightly: 'Nightly',
  manual: 'By hand',
  'before-restore': 'Before a restore',
  uploaded: 'From a file',
}

/** Why a backup was made. */
export function reasonText(backup: Backup): string {
  const text = REASONS[backup.reason] ?? backup.reason
  return backup.reason === 'manual' && backup.created_by ? `${text}, ${backup.created_by}` : text
}

const STEPS: Record<string, string> = {
  copy: 'copying the database',
  read: 'reading every table',
  file: 'checking the file',
  files: 'checking the attached files',
  restore: 'restoring it into a scratch folder',
  soundness: 'checking every page',
  contents: 'comparing every row',
  history: 'following the history',
  start: 'starting the CRM on it',
  formulas: 'computing every formula again',
  migrate: 'bringing it up to date',
  check: 'checking the copy',
  safety: 'backing up what is there now',
  swap: 'putting it in place',
}

const DOING: Record<string, string> = {
  backup: 'Making a backup',
  verify: 'Verifying a backup',
  restore: 'Restoring a backup',
  upload: 'Taking in a backup',
  delete: 'Deleting a backup',
}

/** What is under way, as one line. */
export function progressText(progress: BackupProgress): string {
  const doing = DOING[progress.doing] ?? progress.doing
  return progress.step ? `${doing}: ${STEPS[progress.step] ?? progress.step}` : doing
}

const PROVEN: Record<string, string> = {
  file: 'The file is as it was written',
  files: 'The attached files are as they were',
  restore: 'It can be restored',
  soundness: 'The database is sound',
  contents: 'Every row is there',
  history: 'The history is whole',
  formulas: 'Formulas give the same values',
  start: 'The CRM starts on it',
}

/** What a step of the proof shows. */
export function stepText(name: string): string {
  return PROVEN[name] ?? name
}
