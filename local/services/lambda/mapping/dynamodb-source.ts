import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import { assumeRole } from '../assume-role.ts';
import { invalid, knownMembers, wholeNumber } from '../known-members.ts';
import type { EventSource } from './event-source.ts';
import { StreamPoller } from './stream-poller.ts';
import { streamPositions } from './stream-positions.ts';

/** Mappings from the streams of DynamoDB tables. */
export const dynamodbSource: EventSource = {
  members: [
    'BisectBatchOnFunctionError',
    'DestinationConfig',
    'MaximumRecordAgeInSeconds',
    'MaximumRetryAttempts',
    'ParallelizationFactor',
    'TumblingWindowInSeconds',
  ],
  creationMembers: ['StartingPosition'],
  defaults: {
    BatchSize: 100,
    BisectBatchOnFunctionError: false,
    DestinationConfig: { OnFailure: {} },
    MaximumRecordAgeInSeconds: -1,
    MaximumRetryAttempts: -1,
    ParallelizationFactor: 1,
    TumblingWindowInSeconds: 0,
  },
  check(mapping) {
    wholeNumber('batchSize', mapping.BatchSize, [1, 10_000]);
    wholeNumber('maximumRetryAttempts', mapping.MaximumRetryAttempts, [-1, 10_000]);
    wholeNumber('maximumRecordAgeInSeconds', mapping.MaximumRecordAgeInSeconds, [-1, 604_800]);
    wholeNumber('parallelizationFactor', mapping.ParallelizationFactor, [1, 10]);
    wholeNumber('tumblingWindowInSeconds', mapping.TumblingWindowInSeconds, [0, 900]);
    const age = mapping.MaximumRecordAgeInSeconds ?? -1;
    if (age !== -1 && age < 60) throw invalid('MaximumRecordAgeInSeconds must be -1 or at least 60');
    if (mapping.ParallelizationFactor! > 1) throw new NotSupportedError('a ParallelizationFactor above 1');
    if (mapping.TumblingWindowInSeconds! > 0) throw new NotSupportedError('tumbling windows');
    checkDestination(mapping.DestinationConfig ?? {});
    if (!['TRIM_HORIZON', 'LATEST'].includes(mapping.StartingPosition ?? '')) {
      throw invalid(
        `StartingPosition of a DynamoDB stream is TRIM_HORIZON or LATEST, got "${mapping.StartingPosition ?? ''}"`,
      );
    }
  },
  /** Calls the stream as the function's role, so that missing permissions show here, as on AWS. */
  async checkAccess({ cloud }, StreamArn, version) {
    await cloud.call('dynamodb', 'DescribeStream', { StreamArn }, assumeRole(cloud, version)).catch((error) => {
      if (!(error instanceof AwsError)) throw error;
      throw invalid(
        `Cannot access stream ${StreamArn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM. (${error.message})`,
      );
    });
  },
  poll: (core, mapping, polling) => new StreamPoller(core, mapping, polling),
  forget: ({ cloud }, { UUID }) => void streamPositions(cloud).delete(UUID),
};

function checkDestination(config: NonNullable<Parameters<EventSource['check']>[0]['DestinationConfig']>): void {
  knownMembers('CreateEventSourceMapping (DestinationConfig)', { ...config }, ['OnFailure']);
  const arn = config.OnFailure?.Destination;
  if (arn === undefined || /^arn:aws:(sqs|sns):/.test(arn)) return;
  if (/^arn:aws:s3:/.test(arn)) throw new NotSupportedError('S3 buckets as on-failure destinations of streams');
  throw invalid(`the destination of discarded records is a queue or a topic, got "${arn}"`);
}
