import type { Plan } from '../../component/plan.ts';
import type { TriggerIdentity } from '../messages.ts';

/** What becomes of the input of a run that does not begin, or whose place another one takes: for people. */
export function leftFiles({ triggers, pipeline }: Plan, trigger: TriggerIdentity, run: string): string {
  if (trigger.kind === 'replay') return 'its rejects stay open: replay them again';
  const files = 'files that it would have read are left to the next run that takes all';
  if (triggers.some(({ kind }) => kind !== 'file')) return files;
  const own = ownFiles(trigger);
  if (own === undefined)
    return `${files}, which no trigger of the pipeline starts by itself: \`npx penstock start ${pipeline}\` does`;
  return `${own} left unread, as no trigger of the pipeline starts a run that takes all files: \`npx penstock run retry ${run}\` reads what this run would have read, \`npx penstock start ${pipeline}\` all that is left`;
}

function ownFiles(trigger: TriggerIdentity): string | undefined {
  if (trigger.kind === 'file') return `${trigger.key} is`;
  if (trigger.kind === 'batch') return `the files of batch ${trigger.number} of ${trigger.place} are`;
  return trigger.kind === 'folder' ? `the files of ${trigger.folder} are` : undefined;
}
