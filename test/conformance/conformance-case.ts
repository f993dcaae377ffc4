import type { Json, JsonObject } from '../../local/states/json.ts';

/** One recorded case; the folder's README tells what its members mean. */
export interface ConformanceCase {
  readonly id: string;
  readonly kind: string;
  readonly category: string;
  readonly tier: string;
  readonly type: 'STANDARD' | 'EXPRESS' | null;
  readonly definition?: JsonObject;
  readonly definitionText?: string;
  readonly input?: Json;
  readonly machineName?: string;
  readonly execution?: { readonly arn: string; readonly name: string; readonly roleArn: string };
  readonly lambdas?: Readonly<Record<string, JsonObject>>;
  readonly taskMocks?: readonly TaskMock[];
  readonly setup?: readonly { readonly service: string; readonly op: string; readonly params: JsonObject }[];
  readonly request?: JsonObject;
  readonly op?: string;
  readonly source?: { readonly test: string };
  readonly expect: JsonObject;
  readonly wildcards: readonly string[];
  readonly localstackSkipsVerify?: readonly string[];
  readonly mockConfig?: JsonObject;
}

/** Calls that were made one after the other, and what some of them answered. */
export interface RecordedSequence {
  readonly id: string;
  readonly source: { readonly test: string };
  readonly steps: readonly SequenceStep[];
  readonly snapshots: readonly SequenceSnapshot[];
}

export interface SequenceStep {
  readonly call: number;
  readonly service: string;
  readonly op: string;
  readonly params: JsonObject;
}

export interface SequenceSnapshot {
  readonly key: string;
  /** Empty where nobody knows which call answered it. */
  readonly ofCalls: readonly number[];
  readonly expect: JsonObject;
}

export interface TaskMock {
  readonly state?: string;
  readonly scheduledEventId?: number;
  readonly request?: Json;
  readonly submitted?: Json;
  readonly result?: { readonly kind: string; readonly output?: Json; readonly error?: string; readonly cause?: Json };
}

/** Recorded texts that begin with a brace are stored parsed: the text again. */
export const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
