import type {
  AliasConfiguration,
  EventSourceMappingConfiguration,
  FunctionConfiguration,
  FunctionEventInvokeConfig,
} from '@aws-sdk/client-lambda';
import type { Cloud } from '../../service.ts';
import type { Collection } from '../../store.ts';

type Settled<T, Key extends keyof T> = T & { [K in Key]-?: NonNullable<T[K]> };

/** A function's configuration as the API prints it; what every version has is not optional here. */
export type Configuration = Settled<
  FunctionConfiguration,
  | 'FunctionName'
  | 'FunctionArn'
  | 'Runtime'
  | 'Role'
  | 'Handler'
  | 'Timeout'
  | 'MemorySize'
  | 'Version'
  | 'RevisionId'
  | 'CodeSha256'
  | 'CodeSize'
  | 'Architectures'
  | 'LoggingConfig'
>;

/** One version of a function: `$LATEST`, or a published number that never changes. */
export interface FunctionVersion {
  readonly configuration: Configuration;
  /** The folder that the code runs from. */
  readonly codeFolder: string;
  /** The folders of its layers, in order. They stay the function's when a layer version is deleted. */
  readonly layerFolders: readonly string[];
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: unknown;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Record<string, Record<string, string>>;
}

/** Everything known of one function, stored as one value so that no crash can leave half of it. */
export interface FunctionRecord {
  readonly latest: FunctionVersion;
  readonly published: readonly FunctionVersion[];
  readonly nextVersion: number;
  readonly aliases: Readonly<Record<string, AliasConfiguration>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly reservedConcurrency?: number;
  /** By qualifier: `$LATEST`, a version or an alias. `LastModified` is in milliseconds since the epoch. */
  readonly eventInvokeConfigs: Readonly<
    Record<string, Omit<FunctionEventInvokeConfig, 'LastModified'> & { LastModified: number }>
  >;
  /** By qualifier; `''` is the unqualified function. */
  readonly policies: Readonly<Record<string, readonly PolicyStatement[]>>;
}

/** One layer: versions are immutable, deleted ones leave their number unused. */
export interface LayerRecord {
  readonly name: string;
  readonly nextVersion: number;
  readonly versions: readonly LayerVersion[];
}

export interface LayerVersion {
  readonly arn: string;
  readonly version: number;
  readonly folder: string;
  readonly codeSha256: string;
  readonly codeSize: number;
  readonly createdDate: string;
  readonly description: string;
  readonly licenseInfo?: string;
  readonly compatibleRuntimes?: readonly string[];
  readonly compatibleArchitectures?: readonly string[];
}

/** An event source mapping as the API prints it; `LastModified` is in milliseconds since the epoch. */
export type MappingRecord = Settled<
  Omit<EventSourceMappingConfiguration, 'LastModified' | 'StartingPositionTimestamp'>,
  'UUID' | 'EventSourceArn' | 'FunctionArn' | 'BatchSize' | 'State' | 'EventSourceMappingArn'
> & { readonly LastModified: number };

/** An asynchronous invocation that is still owed to its function. */
export interface QueuedEvent {
  readonly requestId: string;
  readonly functionName: string;
  readonly qualifier?: string;
  /** Base64. */
  readonly payload: string;
  readonly clientContext?: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** How often the function has failed on it. */
  readonly failures: number;
}

export interface LambdaState {
  readonly functions: Collection<FunctionRecord>;
  readonly layers: Collection<LayerRecord>;
  readonly mappings: Collection<MappingRecord>;
  readonly queued: Collection<QueuedEvent>;
}

export function openState(cloud: Cloud): LambdaState {
  return {
    functions: cloud.store.collection('lambda.functions'),
    layers: cloud.store.collection('lambda.layers'),
    mappings: cloud.store.collection('lambda.mappings'),
    queued: cloud.store.collection('lambda.queued'),
  };
}
