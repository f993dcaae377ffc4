import type { Format } from '../../component/connector.ts';
import type { Plan, SourceNode } from '../../component/plan.ts';
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
  /** The quota that a growing input meets first, and at about which size; absent where none is met below an exabyte. */
  readonly first?: Pick<QuotaUse, 'quota' | 'limit' | 'unit' | 'change'> & { readonly atBytes: number };
  /** What is taken for granted. */
  readonly assumes: readonly string[];
}

const exabyte = 1e18;

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
  return {
    ...work,
    items,
    dollars: items.reduce((sum, item) => sum + item.dollars, 0),
    quotas: quotaUses(work),
    ...firstMet(plan, format),
    assumes: assumptions(plan, format),
  };
}

/** Goes up in steps of a quarter: no closer than the figures are. */
function firstMet(plan: Plan, format: Format['kind']): Pick<RunEstimate, 'first'> {
  for (let bytes = 1e6; bytes < exabyte; bytes *= 1.25) {
    const [quota] = quotaUses(runWork(plan, bytes, format));
    if (quota!.share < 1) continue;
    const { quota: name, limit, unit, change } = quota!;
    return { first: { quota: name, limit, unit, change, atBytes: bytes } };
  }
  return {};
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
    ...(partitioned ? [`${assumedPartitionFiles} files a chunk of a table in partitions`] : []),
    'no retries; without storage, logs, data transfer, and what is paid while nothing runs',
  ];
}
