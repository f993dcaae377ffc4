import type { Run } from './find-run.ts';
import type { Printer } from './print.ts';

/** `Running (Executing)`, in its colour. */
export function stateText(printer: Printer, { state, phase }: Pick<Run, 'state' | 'phase'>): string {
  const colours = { Completed: 'green', Failed: 'red', Cancelled: 'red', AwaitingReview: 'yellow' } as const;
  const text = phase && state === 'Running' ? `${state} (${phase})` : state;
  return printer.paint(colours[state as keyof typeof colours] ?? 'cyan', text);
}

/** What started a run. */
export function triggerText({ trigger }: Pick<Run, 'trigger'>): string {
  if (trigger.kind === 'file') return trigger.key;
  return trigger.kind === 'schedule' ? `schedule ${trigger.time}` : `manual ${trigger.requestId}`;
}
