import { invalid, knownMembers, wholeNumber } from '../known-members.ts';
import { checkVisibility } from './check-visibility.ts';
import type { EventSource } from './event-source.ts';
import { SqsPoller } from './sqs-poller.ts';

const maxFifoBatch = 10;
const maxBatchWithoutWindow = 10;

/** Mappings from queues. */
export const sqsSource: EventSource = {
  members: ['ScalingConfig'],
  creationMembers: [],
  defaults: { BatchSize: 10 },
  check(mapping) {
    const fifo = mapping.EventSourceArn.endsWith('.fifo');
    wholeNumber('batchSize', mapping.BatchSize, [1, fifo ? maxFifoBatch : 10_000]);
    const scaling = mapping.ScalingConfig ?? {};
    knownMembers('CreateEventSourceMapping (ScalingConfig)', { ...scaling }, ['MaximumConcurrency']);
    wholeNumber('scalingConfig.maximumConcurrency', scaling.MaximumConcurrency, [2, 1000]);
    if (fifo && mapping.MaximumBatchingWindowInSeconds) {
      throw invalid('Batching window is not supported for FIFO queues');
    }
    if (mapping.BatchSize > maxBatchWithoutWindow && !mapping.MaximumBatchingWindowInSeconds) {
      throw invalid('Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10');
    }
  },
  checkAccess: checkVisibility,
  poll: (core, mapping, { report }) => new SqsPoller(core, mapping, report),
};
