import './host-prefixes.cjs';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Clock, realClock } from '../lib/core/clock.ts';
import { NotSupportedError } from './aws-error.ts';
import { serviceEvent } from './faults/service-event.ts';
import { Gateway } from './gateway.ts';
import type { Authorizer } from './iam/authorizer.ts';
import { createAuthorizer, createOpenAuthorizer } from './iam/authorizer.ts';
import { root } from './iam/principals.ts';
import type { InProcessRequest } from './in-process/in-process-request.ts';
import type {
  AssumedBy,
  CallContext,
  Cloud,
  Principal,
  Service,
  ServiceEvent,
  ServiceFactory,
  ServiceMetric,
} from './service.ts';
import { openStore, type Store } from './store.ts';

export interface LocalCloudOptions {
  /** The services to run; `local/index.ts` has the full list. Tests may take fewer. */
  readonly services: readonly ServiceFactory[];
  /** Keeps state in this folder; without it everything is in memory and gone at the end. */
  readonly dataFolder?: string;
  /** Port on 127.0.0.1. Default 0: any free one. */
  readonly port?: number;
  readonly clock?: Clock;
  /** Default `000000000000`. */
  readonly accountId?: string;
  /** Default `us-east-1`. */
  readonly region?: string;
  /** Stands between every call and its operation: tests drop, delay, duplicate and kill here. Default: nothing does. */
  readonly faults?: FaultHook;
}

/** A call that is about to be made, after it was authorized; or an event that a service puts on the default bus. */
export interface InterceptedCall {
  /** An event is the operation `ServiceEvent` of `events`; nobody waits for its answer. */
  readonly kind: 'call' | 'event';
  readonly service: string;
  readonly operation: string;
  readonly input: any;
  readonly principal: Principal;
  readonly context: CallContext;
  readonly clock: Clock;
  /** ARNs of what the call is about. */
  resources(): string[];
  /** Calls an operation of the same service as root, past the hook. */
  follow(operation: string, input: any): Promise<any>;
}

/**
 * Makes a call with `run`: not at all, later, twice, or with another answer. Whoever made the call gets what the hook
 * returns or throws.
 */
export type FaultHook = (call: InterceptedCall, run: () => Promise<any>) => Promise<any>;

/** AWS on this machine: services behind one HTTP endpoint. */
export class LocalCloud implements Cloud {
  readonly accountId: string;
  readonly region: string;
  readonly clock: Clock;
  readonly store: Store;
  readonly authorizer: Authorizer;
  readonly #services = new Map<string, Service>();
  readonly #gateway: Gateway;
  readonly #faults: FaultHook | undefined;
  #endpoint = '';

  private constructor(options: LocalCloudOptions) {
    this.accountId = options.accountId ?? '000000000000';
    this.region = options.region ?? 'us-east-1';
    this.clock = options.clock ?? realClock();
    this.store = openStore(options.dataFolder);
    this.#faults = options.faults;
    for (const create of options.services) {
      const service = create(this);
      this.#services.set(service.name, service);
    }
    // Roles exist where IAM runs; tests of single services go without it, and without being asked for permissions.
    this.authorizer = this.#services.has('iam') ? createAuthorizer(this) : createOpenAuthorizer(this);
    this.#gateway = new Gateway(this, this.#services);
  }

  static async start(options: LocalCloudOptions): Promise<LocalCloud> {
    const cloud = new LocalCloud(options);
    cloud.#endpoint = await cloud.#listen(options.port);
    for (const service of cloud.#services.values()) await service.start?.();
    return cloud;
  }

  get endpoint(): string {
    return this.#endpoint;
  }

  async call(serviceName: string, operationName: string, input: any, caller: Principal | CallContext): Promise<any> {
    const context = contextOf(caller);
    const service = this.#services.get(serviceName);
    const operation = service && Object.hasOwn(service.operations, operationName) && service.operations[operationName];
    if (!service || !operation) throw new NotSupportedError(`${serviceName}:${operationName}`);
    const permissions = context.principal.kind === 'root' ? [] : service.permissions(operationName, input);
    const call = { service: serviceName, operation: operationName, input, permissions };
    await this.authorizer.check(context.principal, call);
    const run = async () => {
      try {
        return await operation(input, context);
      } catch (error) {
        throw await this.authorizer.conceal(context.principal, call, error);
      } finally {
        this.authorizer.note(call);
      }
    };
    if (!this.#faults) return run();
    const resources = () => service.permissions(operationName, input).map(({ resource }) => resource);
    return this.#faults({ ...this.#intercepted(service, context), ...call, resources }, run);
  }

  /** A connection to the endpoint from within this process, through no socket: what is sent has arrived a turn later. */
  connect(): Duplex {
    return this.#gateway.connect();
  }

  /** A request from within this process, in place of `http.request`: through no socket and no parser. */
  request(options: RequestOptions, answered: (response: IncomingMessage) => void): InProcessRequest {
    return this.#gateway.request(options, answered);
  }

  /** The operations of a service, or undefined where there is no such service. */
  operationsOf(service: string): readonly string[] | undefined {
    const found = this.#services.get(service);
    return found && Object.keys(found.operations);
  }

  #intercepted(service: Service, context: CallContext) {
    const { clock } = this;
    return {
      kind: 'call' as const,
      context,
      principal: context.principal,
      clock,
      follow: (operation: string, input: any) => service.operations[operation]!(input, contextOf(root(this.accountId))),
    };
  }

  assume(roleArn: string, sessionName: string, by?: AssumedBy): Principal {
    return this.authorizer.assume(roleArn, sessionName, by);
  }

  issueCredentials(principal: Principal, expiresAt?: number) {
    return this.authorizer.issueCredentials(principal, expiresAt);
  }

  emit(event: ServiceEvent): void {
    const bus = this.#services.get('events') as (Service & { deliver?(event: ServiceEvent): void }) | undefined;
    if (!bus?.deliver) return;
    // An event keeps its id however often it arrives.
    const named = { id: randomUUID(), ...event };
    if (!this.#faults) {
      bus.deliver(named);
      return;
    }
    const source: Principal = { kind: 'service', arn: event.source.replace(/^aws\.(.*)$/, '$1.amazonaws.com') };
    const call: InterceptedCall = {
      ...this.#intercepted(bus, contextOf(source)),
      kind: 'event',
      service: 'events',
      operation: serviceEvent,
      input: named,
      resources: () => [...event.resources],
    };
    void this.#faults(call, async () => bus.deliver?.(named));
  }

  /**
   * A cloud that comes back takes the port that it had, if that is free: queue URLs are in environments, in messages and
   * in the heads of those who use it.
   */
  async #listen(port: number | undefined): Promise<string> {
    const ports = this.store.collection<number>('local.port');
    const last = ports.get('last');
    const wanted = port ?? last ?? 0;
    const endpoint = await this.#gateway.listen(wanted).catch((error) => {
      if (port !== undefined || error.code !== 'EADDRINUSE') throw error;
      return this.#gateway.listen(0);
    });
    ports.set('last', Number(new URL(endpoint).port));
    return endpoint;
  }

  measure(metric: ServiceMetric): void {
    const monitoring = this.#services.get('monitoring') as
      | (Service & { record?(metric: ServiceMetric): void })
      | undefined;
    monitoring?.record?.(metric);
  }

  gauges(): readonly ServiceMetric[] {
    return [...this.#services.values()].flatMap((service) => service.gauges?.() ?? []);
  }

  /** Stops accepting, then stops every service, newest first, then closes the store. */
  async close(): Promise<void> {
    await this.#gateway.close();
    for (const service of [...this.#services.values()].reverse()) await service.close?.();
    this.store.close();
  }
}

function contextOf(caller: Principal | CallContext): CallContext {
  if ('principal' in caller) return caller;
  return { principal: caller, requestId: randomUUID(), signal: new AbortController().signal };
}
