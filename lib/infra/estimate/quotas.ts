import { workerDiskMegabytes } from '../stage-workers.ts';
import { count, megabytes } from './figures.ts';
import { diskBytes, type RunWork, type StageWork } from './run-work.ts';
import { runOverheadSeconds } from './work-figures.ts';

/** A limit of AWS's, or one that the stack sets below it, and what a run uses of it. */
export interface QuotaUse {
  readonly quota: string;
  readonly limit: number;
  readonly used: number;
  readonly unit: string;
  /** 1 and above: the run would meet it. */
  readonly share: number;
  readonly arithmetic: string;
  /** What can be done about it. */
  readonly change: string;
}

/**
 * Defaults of an account in us-east-1, November 2026. Sources: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html,
 * docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html, docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html,
 * docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html, docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html.
 */
const limits = {
  accountConcurrency: 1000,
  mapConcurrency: 10_000,
  mapItems: 100_000_000,
  manifestBytes: 10 * 1024 ** 3,
  transitionsPerSecond: 5000,
  messagesInFlight: 120_000,
  s3WritesPerSecond: 3500,
  s3ReadsPerSecond: 5500,
  dynamodbWriteUnitsPerSecond: 4000,
  /** `TimeoutSeconds` of the machine; AWS allows a year. */
  runSeconds: 24 * 3600,
} as const;

const manifestItemBytes = 500;
/** Functions of the state machine run one at a time, beside the workers. */
const otherFunctions = 1;

/** As many as a run may have. */
const mostPartitions = 256;

function smallerParts({ chunks, empty }: StageWork): string {
  if (empty > 0) return 'name columns by which the rows are parted, because all of them meet in one chunk';
  return chunks < mostPartitions
    ? `raise resources.partitions (${mostPartitions} at most)`
    : 'bring the input in several runs, as there are no more partitions';
}

/** What a run uses of each quota, the one with the largest share first. */
export function quotaUses(work: RunWork): QuotaUse[] {
  const { stages, seconds } = work;
  const most = (of: (stage: StageWork) => number) =>
    stages.reduce((best, stage) => (of(stage) > of(best) ? stage : best), stages[0]!);
  const widest = most((one) => one.concurrency);
  const longest = most((one) => one.chunkSeconds / one.timeoutSeconds);
  const fullest = most(diskBytes);
  const largest = most((one) => one.chunks);
  const rate = (of: (stage: StageWork) => number) => {
    const stage = most((one) => of(one) / one.seconds);
    return { stage, perSecond: of(stage) / stage.seconds };
  };
  const writes = rate((one) => one.writes);
  const reads = rate((one) => one.reads);
  const units = rate((one) => one.writeUnits);
  const transitions = rate((one) => one.chunks * 2);
  const uses: Omit<QuotaUse, 'share'>[] = [
    {
      quota: 'Lambda: concurrent executions of the account',
      limit: limits.accountConcurrency,
      used: widest.concurrency + otherFunctions,
      unit: 'executions',
      arithmetic: `${count(widest.concurrency)} workers of ${widest.stage} + ${otherFunctions}`,
      change: 'lower resources.concurrency, or ask AWS for more',
    },
    {
      quota: 'Lambda: time of one call, as resources.workerTimeoutSeconds sets it (900 s at most)',
      limit: longest.timeoutSeconds,
      used: longest.chunkSeconds,
      unit: 's',
      arithmetic: `a chunk of ${longest.stage}: ${longest.arithmetic}`,
      change:
        longest.stage === 'process'
          ? 'lower resources.chunkBytes'
          : `${smallerParts(longest)}, or raise resources.workerMemoryMegabytes`,
    },
    {
      quota: 'Lambda: disk at /tmp, as the stack sets it (10,240 MB at most)',
      limit: workerDiskMegabytes * 1024 ** 2,
      used: diskBytes(fullest),
      unit: 'bytes',
      arithmetic: `a chunk of ${fullest.stage}: 2 × ${megabytes(fullest.bytesIn)} in + ${megabytes(fullest.bytesOut)} out`,
      change: fullest.stage === 'process' ? 'lower resources.chunkBytes' : smallerParts(fullest),
    },
    {
      quota: 'Step Functions: children of a distributed Map at once',
      limit: limits.mapConcurrency,
      used: widest.concurrency,
      unit: 'children',
      arithmetic: `resources.concurrency, and ${count(widest.chunks)} chunks`,
      change: 'lower resources.concurrency',
    },
    {
      quota: 'Step Functions: items of a distributed Map',
      limit: limits.mapItems,
      used: largest.chunks,
      unit: 'items',
      arithmetic: `chunks of ${largest.stage}`,
      change: 'raise resources.chunkBytes',
    },
    {
      quota: 'Step Functions: size of a manifest in JSON',
      limit: limits.manifestBytes,
      used: largest.chunks * manifestItemBytes,
      unit: 'bytes',
      arithmetic: `${count(largest.chunks)} chunks × ${manifestItemBytes} bytes`,
      change: 'raise resources.chunkBytes',
    },
    {
      quota: 'Step Functions: state transitions a second',
      limit: limits.transitionsPerSecond,
      used: transitions.perSecond,
      unit: 'transitions/s',
      arithmetic: `${count(transitions.stage.chunks)} chunks × 2 in ${count(transitions.stage.seconds)} s`,
      change: 'lower resources.concurrency, or ask AWS for more',
    },
    {
      quota: 'Step Functions: time of a run, as the state machine sets it (a year at most)',
      limit: limits.runSeconds,
      used: seconds,
      unit: 's',
      arithmetic: `${stages.map((one) => `${count(one.seconds)} s of ${one.stage}`).join(' + ')} + ${runOverheadSeconds} s of the run`,
      change: 'raise resources.concurrency',
    },
    {
      quota: 'SQS: messages in flight in a queue',
      limit: limits.messagesInFlight,
      used: widest.concurrency,
      unit: 'messages',
      arithmetic: `workers of ${widest.stage}`,
      change: 'lower resources.concurrency',
    },
    {
      quota: 'S3: writes a second below one prefix',
      limit: limits.s3WritesPerSecond,
      used: writes.perSecond,
      unit: 'requests/s',
      arithmetic: `${count(writes.stage.writes)} writes of ${writes.stage.stage} in ${count(writes.stage.seconds)} s`,
      change: 'lower resources.concurrency or resources.partitions',
    },
    {
      quota: 'S3: reads a second below one prefix',
      limit: limits.s3ReadsPerSecond,
      used: reads.perSecond,
      unit: 'requests/s',
      arithmetic: `${count(reads.stage.reads)} reads of ${reads.stage.stage} in ${count(reads.stage.seconds)} s`,
      change: 'lower resources.concurrency, or raise resources.chunkBytes',
    },
    {
      quota: 'DynamoDB: write units a second that a table on demand takes from the start',
      limit: limits.dynamodbWriteUnitsPerSecond,
      used: units.perSecond,
      unit: 'units/s',
      arithmetic: `${count(units.stage.writeUnits)} units of ${units.stage.stage} in ${count(units.stage.seconds)} s`,
      change: 'lower resources.concurrency',
    },
  ];
  return uses.map((use) => ({ ...use, share: use.used / use.limit })).sort((a, b) => b.share - a.share);
}
