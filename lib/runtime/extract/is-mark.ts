import type { PipelineCode } from '../pipeline-code.ts';

/**
 * Whether an object is no data: the file that says that a folder is complete, or a folder that a console has made, which is
 * an empty object whose key ends in a slash.
 */
export function isMark(
  { plan }: Pick<PipelineCode, 'plan'>,
  { key, size }: { readonly key: string; readonly size: number },
): boolean {
  if (size === 0 && key.endsWith('/')) return true;
  return plan.triggers.some((trigger) => {
    if (trigger.kind !== 'file' || !trigger.complete || !('marker' in trigger.complete)) return false;
    return key.startsWith(trigger.prefix) && key.slice(key.lastIndexOf('/') + 1) === trigger.complete.marker;
  });
}
