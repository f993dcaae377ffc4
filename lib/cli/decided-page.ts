import { withDecision } from '../core/decision-note.ts';
import type { Run } from './find-run.ts';
import { decisionText, timeText } from './run-text.ts';

/** The page of a run's report, which is made before anybody decides, with what was decided since. */
export function decidedPage(page: string, { review, state, transitions }: Run): string {
  const decision = review && decisionText(review);
  if (decision === undefined) return page;
  const at = transitions.findLast(({ phase }) => phase === 'Decided')?.at;
  const when = at === undefined ? '' : ` at ${timeText(at)} UTC`;
  return withDecision(page, `Decided in review${when}: ${decision}. The run is ${state}.`);
}
