/** What starts a run, as messages and commands name it. */
export const triggerKinds = [
  'file',
  'batch',
  'folder',
  'schedule',
  'pipeline',
  'event',
  'manual',
  'backfill',
  'replay',
] as const;
