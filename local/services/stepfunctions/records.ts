export type MachineType = 'STANDARD' | 'EXPRESS';

/** A state machine as it is kept. Times are milliseconds since the epoch. */
export interface MachineRecord {
  readonly arn: string;
  readonly name: string;
  readonly type: MachineType;
  readonly definition: string;
  readonly roleArn: string;
  readonly creationTime: number;
  readonly updateTime: number;
  /** None until the first update. */
  readonly revisionId?: string;
  readonly loggingConfiguration: LoggingConfiguration;
  readonly tracingConfiguration: { readonly enabled: boolean };
  readonly tags: Readonly<Record<string, string>>;
  /** The number of the version published last; numbers are never used again. */
  readonly lastVersion: number;
}

export interface LoggingConfiguration {
  readonly level: 'ALL' | 'ERROR' | 'FATAL' | 'OFF';
  readonly includeExecutionData: boolean;
  readonly destinations?: readonly { readonly cloudWatchLogsLogGroup: { readonly logGroupArn: string } }[];
}

/** A published version: the machine as it was. */
export interface VersionRecord {
  readonly arn: string;
  readonly number: number;
  readonly machine: MachineRecord;
  readonly description?: string;
  readonly creationTime: number;
}

export interface AliasRecord {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly description?: string;
  readonly routing: readonly { readonly stateMachineVersionArn: string; readonly weight: number }[];
  readonly creationTime: number;
  readonly updateTime: number;
}

export interface ActivityRecord {
  readonly arn: string;
  readonly name: string;
  readonly creationTime: number;
  readonly tags: Readonly<Record<string, string>>;
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE';

/** An execution, or a child execution of a Map Run, as it is kept. */
export interface ExecutionRecord {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly machineName: string;
  readonly versionArn?: string;
  readonly aliasArn?: string;
  readonly type: MachineType;
  readonly roleArn: string;
  /** The machine as it was, its definition aside. */
  readonly machine: Omit<MachineRecord, 'definition'>;
  /** Digest of the definition that it runs, which a later update of the machine does not change. */
  readonly definitionDigest: string;
  readonly input: string;
  readonly traceHeader?: string;
  readonly startTime: number;
  readonly status: ExecutionStatus;
  readonly stopTime?: number;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly redriveCount: number;
  readonly redriveTime?: number;
  /** The tokens of the requests that redrove it. */
  readonly redriveTokens?: readonly { readonly token: string; readonly time: number }[];
  /** The Map Run whose child it is, the place of its item there, and how many items it has. */
  readonly mapRunArn?: string;
  readonly mapIndex?: number;
  readonly itemCount?: number;
}

/** A Map Run as it is kept. Its counts follow from its child executions. */
export interface MapRunRecord {
  readonly arn: string;
  readonly executionArn: string;
  readonly label?: string;
  readonly stateName: string;
  readonly enteredEventId: number;
  readonly machineArn: string;
  readonly machineName: string;
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  /** What it failed with. */
  readonly error?: string;
  readonly startTime: number;
  readonly stopTime?: number;
  readonly maxConcurrency: number;
  readonly toleratedFailureCount: number;
  readonly toleratedFailurePercentage: number;
  readonly itemTotal: number;
  readonly redriveCount: number;
  readonly redriveTime?: number;
}

/** A task token that was handed out and whose task has not been left yet. */
export interface TokenRecord {
  readonly executionArn: string;
  readonly issueTime: number;
  /** What was sent for it, kept until the state has been left: the sender was told that it arrived. */
  readonly result?: { readonly output: string } | { readonly error?: string; readonly cause?: string };
}
