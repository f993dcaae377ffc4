/** What can be done to runs, pipelines, messages and tables, as the audit names it. */
export const auditActions = [
  'start',
  'backfill',
  'cancel-backfill',
  'set-cursor',
  'cancel',
  'retry',
  'redrive',
  'replay',
  'approve',
  'release',
  'reject',
  'pause',
  'resume',
  'redrive-dead-letter',
  'drop-dead-letter',
  'close-circuit',
  'restore',
  'acknowledge',
  'rollback',
  'compact',
  'expire',
  'remove-orphans',
  // Nobody's doing: what arrived made no run.
  'pass-over',
] as const;

export type AuditAction = (typeof auditActions)[number];
