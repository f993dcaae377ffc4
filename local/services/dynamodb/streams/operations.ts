import { AwsError } from '../../../aws-error.ts';
import type { Cloud, Operation } from '../../../service.ts';
import { validation } from '../failure.ts';
import type { StreamRecord } from './stream-record.ts';
import type { Stream, Streams } from './streams.ts';
import { waitForRecords } from './wait-for-records.ts';

const shardId = 'shardId-00000000000000000000-00000000';
const maxRecords = 1000;
const maxBytes = 1024 * 1024;
const iteratorMilliseconds = 15 * 60_000;
const beforeAll = '0'.repeat(21);

/** The operations of DynamoDB Streams. A stream has one shard. */
export function streamOperations(cloud: Cloud, streams: Streams): Record<string, Operation> {
  const find = (arn: unknown): Stream => {
    const stream = streams.find(String(arn));
    if (stream) return stream;
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: Stream: ${arn} not found`);
  };
  const iterator = (arn: string, after: string) =>
    Buffer.from(JSON.stringify({ arn, after, at: cloud.clock.now() })).toString('base64');

  return {
    ListStreams: async (input) => {
      const found = streams.all().filter(({ table }) => input.TableName == null || table === input.TableName);
      return {
        Streams: found.map(({ arn, table, label }) => ({ StreamArn: arn, TableName: table, StreamLabel: label })),
      };
    },
    DescribeStream: async (input) => {
      const stream = find(input.StreamArn);
      const SequenceNumberRange = { StartingSequenceNumber: beforeAll, EndingSequenceNumber: stream.endedWith };
      return {
        StreamDescription: {
          StreamArn: stream.arn,
          StreamLabel: stream.label,
          StreamStatus: stream.endedAt === undefined ? 'ENABLED' : 'DISABLED',
          StreamViewType: stream.viewType,
          TableName: stream.table,
          KeySchema: stream.keySchema,
          CreationRequestDateTime: new Date(stream.createdAt),
          Shards: input.ExclusiveStartShardId == null ? [{ ShardId: shardId, SequenceNumberRange }] : [],
        },
      };
    },
    GetShardIterator: async (input) => {
      const { arn } = find(input.StreamArn);
      if (input.ShardId !== shardId)
        throw new AwsError('ResourceNotFoundException', `Requested resource not found: Shard ${input.ShardId}`);
      switch (input.ShardIteratorType) {
        case 'TRIM_HORIZON':
          return { ShardIterator: iterator(arn, beforeAll) };
        case 'LATEST':
          return { ShardIterator: iterator(arn, streams.latest(arn)) };
        case 'AFTER_SEQUENCE_NUMBER':
          return { ShardIterator: iterator(arn, checkedSequence(input.SequenceNumber)) };
        case 'AT_SEQUENCE_NUMBER': {
          const at = BigInt(checkedSequence(input.SequenceNumber));
          return { ShardIterator: iterator(arn, String(at > 0n ? at - 1n : 0n).padStart(beforeAll.length, '0')) };
        }
        default:
          throw validation(
            `1 validation error detected: Value '${input.ShardIteratorType}' at 'shardIteratorType' failed to satisfy constraint: Member must satisfy enum value set: [AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER, TRIM_HORIZON, LATEST]`,
          );
      }
    },
    GetRecords: async (input, context) => {
      const { arn, after, at } = readIterator(input.ShardIterator);
      if (at < cloud.clock.now() - iteratorMilliseconds) {
        throw new AwsError(
          'ExpiredIteratorException',
          'Iterator expired. The iterator was created more than 15 minutes ago.',
        );
      }
      const limit = Math.min(input.Limit ?? maxRecords, maxRecords);
      find(arn);
      const wait = input[waitForRecords] ? context.signal : undefined;
      const records = withinSize(await read(streams, { arn, after, limit, wait }));
      const stream = find(arn);
      const last = records.at(-1)?.sequence ?? after;
      // A stream that was turned off ends with its last record.
      const over = stream.endedWith !== undefined && last >= stream.endedWith;
      return {
        Records: records.map((record) => shown(record, stream, cloud.region)),
        NextShardIterator: over ? undefined : iterator(arn, last),
      };
    },
  };
}

interface Reading {
  readonly arn: string;
  readonly after: string;
  readonly limit: number;
  /** Waits for records until this is aborted. Default: does not wait. */
  readonly wait: AbortSignal | undefined;
}

async function read(streams: Streams, { arn, after, limit, wait }: Reading): Promise<StreamRecord[]> {
  if (!wait) return streams.read(arn, after, limit);
  const done = new AbortController();
  // Listened for before reading: what is committed in between must not be missed.
  const changed = streams.changed(arn, AbortSignal.any([wait, done.signal]));
  try {
    const found = await streams.read(arn, after, limit);
    if (found.length > 0 || streams.find(arn)?.endedWith !== undefined) return found;
    await changed;
    return await streams.read(arn, after, limit);
  } finally {
    done.abort();
  }
}

/** A record as GetRecords and the events of functions have it. */
function shown(record: StreamRecord, stream: Stream, awsRegion: string) {
  return {
    eventID: record.eventID,
    eventName: record.eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion,
    dynamodb: {
      ApproximateCreationDateTime: new Date(Math.floor(record.at / 1000) * 1000),
      Keys: record.Keys,
      NewImage: record.NewImage,
      OldImage: record.OldImage,
      SequenceNumber: record.sequence,
      SizeBytes: record.SizeBytes,
      StreamViewType: stream.viewType,
    },
    ...(record.origin === 'timeToLive' && { userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' } }),
  };
}

function withinSize(records: readonly StreamRecord[]): StreamRecord[] {
  let bytes = 0;
  return records.filter((record, place) => {
    bytes += record.SizeBytes;
    return place === 0 || bytes <= maxBytes;
  });
}

function readIterator(token: unknown): { arn: string; after: string; at: number } {
  try {
    const { arn, after, at } = JSON.parse(Buffer.from(String(token), 'base64').toString());
    return { arn: String(arn), after: checkedSequence(after), at: Number(at) };
  } catch {
    throw validation('Invalid ShardIterator');
  }
}

function checkedSequence(sequence: unknown): string {
  if (typeof sequence !== 'string' || !/^\d{1,40}$/.test(sequence)) throw validation('Invalid SequenceNumber');
  return sequence.padStart(beforeAll.length, '0');
}

/** The resource of a stream's operations. */
export function streamArnOf(operation: string, input: any): string | undefined {
  if (operation === 'DescribeStream' || operation === 'GetShardIterator') return String(input.StreamArn);
  if (operation !== 'GetRecords') return undefined;
  try {
    return readIterator(input.ShardIterator).arn;
  } catch {
    return '*';
  }
}
