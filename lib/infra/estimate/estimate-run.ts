import type { Format } from '../../component/connector.ts';
import type { Plan, SourceNode } from '../../component/plan.ts';
import { makesGroups } from './meeting-rows.ts';
import { type QuotaUse, quotaUses } from './quotas.ts';
import { type RunCostItem, runCost } from './run-cost.ts';
import { type RunWork, runWork } from './run-work.ts';
import { assumedPartitionFiles, workFigures } from './work-figures.ts';

/** What a run over an input of some size would take. */
export interface RunEstimate extends RunWork {
  readonly items: readonly RunCostItem[];
  /** US dollars at list price. */
  readonly dollars: number;
  /** The one with the largest share first. */
  readonly quotas: readonly QuotaUse[];
  /**
   * The quota that a growing input meets first, and at about which size: above that of the run, where it meets none yet.
   * Absent where none is met below an exabyte.
   */
  readonly first?: Pick<QuotaUse, 'quota' | 'limit' | 'unit' | 'change'> & { readonly atBytes: number };
  /** What is taken for granted. */
  readonly assumes: readonly string[];
}

const exabyte = 1e18;
const smallest = 1e6;

/** An input of a run. */
export interface RunInput {
  /** Of all files together that it cuts into chunks, as stored: new ones, and those of sources that are read whole. */
  readonly bytes: number;
  readonly format: Format['kind'];
}

/** Estimates time, cost and quotas from the plan alone. */
export function estimateRun(plan: Plan, { bytes, format }: RunInput): RunEstimate {
  const work = runWork(plan, bytes, format);
  const items = runCost(plan, work);
  const quotas = quotaUses(work);
  return {
    ...work,
    items,
    dollars: items.reduce((sum, item) => sum + item.dollars, 0),
    quotas,
    ...firstMet(plan, format, quotas[0]!.share < 1 ? bytes : smallest),
    assumes: assumptions(plan, format),
  };
}

/** Goes up in steps of a quarter, and then halves the step: no closer than a hundredth, as the figures are. */
function firstMet(plan: Plan, format: Format['kind'], from: number): Pick<RunEstimate, 'first'> {
  const nearest = (bytes: number) => quotaUses(runWork(plan, bytes, format))[0]!;
  let met = from;
  while (met < exabyte && nearest(met).share < 1) met *= 1.25;
  if (met >= exabyte) return {};
  for (let free = Math.max(from, met / 1.25); met > free * 1.01; ) {
    const middle = (free + met) / 2;
    if (nearest(middle).share < 1) free = middle;
    else met = middle;
  }
  const { quota, limit, unit, change } = nearest(met);
  return { first: { quota, limit, unit, change, atBytes: met } };
}

function assumptions({ nodes }: Plan, format: Format['kind']): string[] {
  const { cpuSecondsPerMegabyte } = workFigures[format];
  const chunked = nodes.filter((node): node is SourceNode => node.kind === 'source' && node.use !== 'reference');
  const names = (list: readonly SourceNode[]) => list.map(({ id }) => `"${id}"`).join(', ');
  const whole = chunked.filter(({ use }) => use === 'whole');
  const partitioned = nodes.some(
    ({ kind, options }) => kind === 'output' && (options.partitionBy as unknown[])?.length,
  );
  return [
    `${(1 / cpuSecondsPerMegabyte).toFixed(1)} MB of ${format} a second and vCPU, as the bench measures it over orders; rows of other widths and steps take other times`,
    ...(whole.length > 0
      ? [`every run reads all of ${names(whole)} anew: the size holds these files as well as those that are new`]
      : []),
    ...(chunked.length > 1 ? [`all of ${names(chunked)} together, as if it were ${format}`] : []),
    'files that can be cut: one that is packed with gzip or zstd is one chunk, however large',
    'every row goes all the way and stays one: filters, rejects and groups leave less, explode and join may make more',
    ...(nodes.some(makesGroups) && nodes.some((node) => node.kind === 'step' && node.meetBy?.length === 0)
      ? ['groups that are a hundredth of their rows, where all of them then meet in one chunk']
      : []),
    ...(partitioned ? [`${assumedPartitionFiles} files a chunk of a table in partitions`] : []),
    'no retries; without storage, logs, data transfer, and what is paid while nothing runs',
  ];
}
