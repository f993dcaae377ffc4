import { NotSupportedError } from '../../../aws-error.ts';
import { validatePattern } from '../../events/pattern.ts';
import { invalid, knownMembers, wholeNumber } from '../known-members.ts';

/** The members of Create- and UpdateEventSourceMapping that say how a queue is polled. */
export const pollingMembers = [
  'Enabled',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'FilterCriteria',
  'ScalingConfig',
  'FunctionResponseTypes',
];

const maxFifoBatch = 10;
const maxBatchWithoutWindow = 10;

/** Throws for what AWS refuses in a mapping from a queue. `merged` has the values as they will be. */
export function checkPolling(merged: Record<string, any>): void {
  const fifo = merged.EventSourceArn.endsWith('.fifo');
  wholeNumber('batchSize', merged.BatchSize, [1, fifo ? maxFifoBatch : 10_000]);
  wholeNumber('maximumBatchingWindowInSeconds', merged.MaximumBatchingWindowInSeconds, [0, 300]);
  knownMembers('CreateEventSourceMapping (ScalingConfig)', merged.ScalingConfig ?? {}, ['MaximumConcurrency']);
  wholeNumber('scalingConfig.maximumConcurrency', merged.ScalingConfig?.MaximumConcurrency, [2, 1000]);
  if (fifo && merged.MaximumBatchingWindowInSeconds) {
    throw invalid('Batching window is not supported for FIFO queues');
  }
  if (merged.BatchSize > maxBatchWithoutWindow && !merged.MaximumBatchingWindowInSeconds) {
    throw invalid('Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10');
  }
  for (const type of merged.FunctionResponseTypes ?? []) {
    if (type !== 'ReportBatchItemFailures')
      throw invalid(`FunctionResponseTypes takes ReportBatchItemFailures, got "${type}"`);
  }
  checkFilters(merged.FilterCriteria?.Filters ?? []);
}

function checkFilters(filters: readonly { Pattern?: string }[]): void {
  if (filters.length > 5) throw invalid(`a mapping has at most 5 filters, got ${filters.length}`);
  for (const { Pattern } of filters) {
    try {
      validatePattern(Pattern ?? '');
    } catch (error) {
      throw invalid(`Invalid filter pattern definition. ${(error as Error).message}`);
    }
  }
}

/** Mappings read from queues; other sources are not here yet. */
export function checkSource(arn: unknown): void {
  const [, service] = /^arn:aws[a-z-]*:([a-z-]+):[a-z0-9-]*:\d{12}:.+$/.exec(String(arn ?? '')) ?? [];
  if (!service) throw invalid(`EventSourceArn must be an ARN, got "${arn}"`);
  if (service !== 'sqs') throw new NotSupportedError(`event source mappings from ${service}`);
}
