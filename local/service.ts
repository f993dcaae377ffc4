import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../lib/core/clock.ts';
import type { Store } from './store.ts';

/** Who makes a call. `root` may do everything; `role` is held to the policies of its role. */
export interface Principal {
  readonly kind: 'root' | 'role' | 'service';
  /**
   * ARN as AWS prints it in AccessDenied messages, e.g. `arn:aws:sts::000000000000:assumed-role/worker/session`; of a
   * service its name, e.g. `events.amazonaws.com`. A service may do what the resource policy of its target allows.
   */
  readonly arn: string;
  readonly roleArn?: string;
  /** What a service acts for, e.g. the ARN of a rule: `aws:SourceArn` in policies. */
  readonly sourceArn?: string;
  /** The service that calls in the name of this principal, e.g. `s3` using a KMS key: `kms:ViaService` in policies. */
  readonly via?: string;
  /** The process that calls, where local AWS has started it. */
  readonly process?: { kill(): void };
}

/** What an operation knows of the call that it serves. */
export interface CallContext {
  readonly principal: Principal;
  readonly requestId: string;
  /** Aborted when the caller has gone; long polls stop on it. */
  readonly signal: AbortSignal;
  /** Breaks the caller's connection, so that no answer reaches it. Absent where the caller is a service of this cloud. */
  disconnect?(): void;
  /**
   * Stops the clock of the caller's time limit, where it has one, until the result is called: the call waits for room that
   * this machine lacks and AWS has.
   */
  pause?(): () => void;
}

/** One API operation, in the SDK's own input and output shapes (blobs are Buffers, timestamps are Dates). */
export type Operation = (input: any, context: CallContext) => Promise<any>;

/** One IAM action on one resource ARN; a call needs all that its operation names. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
  /** Context keys for policy conditions, e.g. `{ 's3:prefix': 'landing/' }`. */
  readonly conditions?: Readonly<Record<string, string | readonly string[]>>;
}

/** One AWS service. Its operations are reached over HTTP, by other services through `Cloud.call`, and by resources. */
export interface Service {
  /** The SigV4 signing name: `s3`, `sqs`, `dynamodb`, `states`, `lambda`, `events`, `logs`. */
  readonly name: string;
  readonly operations: Readonly<Record<string, Operation>>;
  /** The permissions that a call of `operation` with `input` needs. An empty list is a call that needs none. */
  permissions(operation: string, input: any): readonly Permission[];
  /** Reads the request off the wire, calls `cloud.call(...)` with it, writes the answer. */
  http(exchange: HttpExchange): Promise<void>;
  /** Whether a request without a signature is for this service: for what its users opened to everybody, such as an API. */
  isPublic?(request: IncomingMessage, url: URL): boolean;
  /** Takes over the connection of a request that asks for WebSocket. */
  upgrade?(exchange: UpgradeExchange): Promise<void>;
  /** Called once after every service exists and stored state has been read: re-arm timers, pollers. */
  start?(): Promise<void>;
  /** Stops timers, pollers and processes. */
  close?(): Promise<void>;
  /** What can be measured at this moment, such as the length of queues. CloudWatch asks once a minute while it has alarms. */
  gauges?(): readonly ServiceMetric[];
}

/** One HTTP request after its signature has been checked. */
export interface HttpExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly context: CallContext;
}

/** A request to go on in WebSocket. The signal of its context is aborted when local AWS closes. */
export interface UpgradeExchange {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What came behind the request already. */
  readonly head: Buffer;
  readonly url: URL;
  readonly context: CallContext;
}

/** The service that assumes a role, and the resource that it does so for. */
export interface AssumedBy {
  /** e.g. `states.amazonaws.com` */
  readonly service: string;
  readonly sourceArn?: string;
}

/** How services see each other and their surroundings. */
export interface Cloud {
  readonly accountId: string;
  readonly region: string;
  readonly clock: Clock;
  readonly store: Store;
  /** `http://127.0.0.1:<port>` once the gateway listens. */
  readonly endpoint: string;
  /**
   * Calls an operation as `caller`: looked up (501 if it does not exist), authorized, passed through the fault hook, run.
   * This is the one way in, for HTTP requests and for services alike.
   */
  call(service: string, operation: string, input: any, caller: Principal | CallContext): Promise<any>;
  /**
   * The principal that a service acts as when it has assumed `roleArn`. Throws where the role does not exist, and where
   * its trust policy does not let the service `by` assume it (not asked where `by` is left out).
   */
  assume(roleArn: string, sessionName: string, by?: AssumedBy): Principal;
  /**
   * An access key whose calls through the gateway are made as `principal`, until `expiresAt` in milliseconds since the
   * epoch. Default: for as long as the process lives.
   */
  issueCredentials(principal: Principal, expiresAt?: number): Credentials;
  /** Delivers service-generated events (S3, Step Functions status changes) to the default event bus, without permission checks. */
  emit(event: ServiceEvent): void;
  /** Hands a value of a service's own metric to CloudWatch, without permission checks; lost where CloudWatch does not run. */
  measure(metric: ServiceMetric): void;
  /** The gauges of all services. */
  gauges(): readonly ServiceMetric[];
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** An event as AWS services put it on the default bus; id, time, account, region and version are filled in. */
export interface ServiceEvent {
  /** Default: a new one. */
  readonly id?: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/** A value of a metric, such as `AWS/Lambda` `Errors` of one function. */
export interface ServiceMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  /** Default: None. */
  readonly unit?: string;
  /** Milliseconds since the epoch. Default: now. */
  readonly at?: number;
}

/** Makes a service. One per folder of `local/services/`, named `create<Service>`. */
export type ServiceFactory = (cloud: Cloud) => Service;
