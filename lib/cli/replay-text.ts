import type { Run } from './find-run.ts';
import { counted } from './print.ts';

/** What became of the rejects of a run, as far as they were replayed. */
export function replayLines(
  { trigger }: Pick<Run, 'trigger'>,
  replays: readonly Pick<Run, 'run' | 'state' | 'totals' | 'trigger'>[],
): string[] {
  const lines = trigger.kind === 'replay' ? [`replays  rejects of ${trigger.of}`] : [];
  for (const [index, { run: replay, state, totals: own, trigger }] of replays.entries()) {
    const { rowsIn = 0, rejected = 0 } = own ?? {};
    const again = rejected > 0 ? `, ${counted(rejected, 'reject')} again` : '';
    const ended = state === 'Completed' ? '' : ` (${state})`;
    const all =
      own && trigger.kind === 'replay' && trigger.whole ? `, all of the run, for ${trigger.tables.join(', ')}` : '';
    lines.push(`${index === 0 ? 'replayed' : '        '} ${counted(rowsIn, 'row')}${all} in ${replay}${ended}${again}`);
  }
  return lines;
}
