import { NotSupportedError } from '../../../aws-error.ts';
import type { LambdaCore } from '../core.ts';
import { invalid } from '../known-members.ts';
import type { FunctionVersion, MappingRecord } from '../state.ts';
import { dynamodbSource } from './dynamodb-source.ts';
import { sqsSource } from './sqs-source.ts';

/** What mappings from one kind of source have of their own. */
export interface EventSource {
  /** Members of Create- and UpdateEventSourceMapping beside those that every mapping has. */
  readonly members: readonly string[];
  /** Members of CreateEventSourceMapping alone. */
  readonly creationMembers: readonly string[];
  readonly defaults: Partial<MappingRecord>;
  /** Throws for what AWS refuses in a mapping. */
  check(mapping: MappingRecord): void;
  /** Throws where the function's role cannot read the source, or the source does not suit the function. */
  checkAccess(core: LambdaCore, sourceArn: string, version: FunctionVersion): Promise<void>;
  /** Begins to read. */
  poll(core: LambdaCore, mapping: MappingRecord, polling: Polling): Poller;
  /** Forgets what was remembered of a mapping that is deleted. */
  forget?(core: LambdaCore, mapping: MappingRecord): void;
}

export interface Polling {
  /** Takes what `LastProcessingResult` shall say, and what AWS would say in the function's log alone. */
  report(result: string, because?: string): void;
  /** Resolves when the mapping's poller before this one has ended its batches: an ordered source waits for that. */
  readonly previous: Promise<void>;
}

/** Reads a source for a mapping. */
export interface Poller {
  /** Takes nothing more; resolves when the batches under way have ended. */
  stop(): Promise<void>;
}

const sources: Readonly<Record<string, EventSource>> = { sqs: sqsSource, dynamodb: dynamodbSource };

/** The kind of source that an ARN names. */
export function eventSource(arn: unknown): EventSource {
  const [, service] = /^arn:aws[a-z-]*:([a-z-]+):[a-z0-9-]*:\d{12}:.+$/.exec(String(arn ?? '')) ?? [];
  if (!service) throw invalid(`EventSourceArn must be an ARN, got "${arn}"`);
  const source = Object.hasOwn(sources, service) && sources[service];
  if (!source) throw new NotSupportedError(`event source mappings from ${service}`);
  return source;
}
