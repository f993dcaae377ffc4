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
  if (trigger.attempt && trigger.kind !== 'replay') {
    const { attempt, ...first } = trigger;
    return `${triggerText({ trigger: first })}, attempt ${attempt + 1}`;
  }
  if (trigger.kind === 'file') return trigger.key;
  if (trigger.kind === 'event') return `event ${trigger.id}`;
  if (trigger.kind === 'batch') return `${trigger.place} batch ${trigger.number}`;
  if (trigger.kind === 'folder') return `${trigger.folder} complete`;
  if (trigger.kind === 'replay') return `replay of ${trigger.of}`;
  if (trigger.kind === 'backfill') return `slice ${trigger.slice} of backfill ${trigger.of}`;
  if (trigger.kind === 'pipeline') return `after ${trigger.run}`;
  return trigger.kind === 'schedule' ? `schedule ${trigger.time}` : `manual ${trigger.requestId}`;
}

/** A run as it may be shown: whoever has the token of its review can decide in anybody's name. */
export function withoutToken(run: Run): Run {
  if (!run.review) return run;
  const { taskToken, ...review } = run.review;
  return { ...run, review: review as Run['review'] };
}

/** What was done with a run that waited for a person. */
export const decided = { approve: 'approved', release: 'released in part', reject: 'rejected' } as const;

/** `released in part by Ada; held: 1 of orders`. Undefined where nobody has decided yet. */
export function decisionText({ decision, by, released = {} }: NonNullable<Run['review']>): string | undefined {
  if (decision === undefined) return undefined;
  const held = Object.values(released).flatMap((one) => (one.held > 0 ? `${one.held} of ${one.table}` : []));
  return `${decided[decision]} by ${by}${held.length > 0 ? `; held: ${held.join(', ')}` : ''}`;
}

/** What a run that waits for a person needs, or what that person decided. */
export function reviewLines({ run, state, phase, review }: Pick<Run, 'run' | 'state' | 'phase' | 'review'>): string[] {
  if (!review) return [];
  const decision = decisionText(review);
  if (decision !== undefined) return [`review   ${decision}`];
  if (state !== 'AwaitingReview' || phase !== 'Undecided') return [];
  return [
    `review   waits for a decision until ${timeText(review.deadline)} UTC`,
    `         npx penstock review approve ${run}`,
    `         npx penstock review release ${run}`,
    `         npx penstock review reject ${run}`,
  ];
}

/** `2026-11-21 06:58:35`, in UTC. */
export function timeText(time: number | string): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}
