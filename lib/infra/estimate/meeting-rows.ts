import type { Exchange, Plan, PlanNode, StagePlan } from '../../component/plan.ts';
import { rowInputs, upstreamOf } from '../../component/upstream.ts';
import { assumedGroupShare } from './work-figures.ts';

/** Of a row that stands for all rows of a chunk. */
const sumBytes = 1000;

export interface MeetingRows {
  /** True where nothing parts the rows: all of them meet in one chunk. */
  readonly together: boolean;
  /** Bytes of the source that they stand for. */
  readonly bytes: number;
}

/**
 * The rows that come to a stage. All of them, wherever keys part them; where none do, what groups before have left, or a
 * sum of each chunk: to take all for these would say that a table of a dozen groups cannot be ranked.
 * @param bytes of the source
 * @param pieces chunks that it is cut into
 */
export function meetingRows(plan: Plan, stage: StagePlan, bytes: number, pieces: number): MeetingRows {
  const feeding = plan.stages.flatMap(({ exchanges }) => exchanges.filter(({ id }) => stage.reads?.includes(id)));
  if (feeding.length === 0 || !feeding.every(meetsInOne)) return { together: false, bytes };
  const largest = Math.max(
    ...feeding.map(({ node, merges }) => {
      if (merges) return pieces * sumBytes;
      return bytes * (upstreamOf(plan, node, rowInputs).some(makesGroups) ? assumedGroupShare : 1);
    }),
  );
  return { together: true, bytes: Math.min(bytes, largest) };
}

function meetsInOne({ keys, ranges, spread }: Exchange): boolean {
  return keys.length === 0 && !ranges && spread === undefined;
}

/** Where rows meet by columns, and nothing but these goes on beside what is made of them, they become one row. */
export function makesGroups(node: PlanNode): boolean {
  if (node.kind !== 'step' || !node.meetBy || node.others) return false;
  const { meetBy, keeps, columns } = node;
  return keeps.every((name) => meetBy.includes(name)) && columns.some(({ name }) => !keeps.includes(name));
}
