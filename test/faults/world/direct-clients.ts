import { createRequire } from 'node:module';
import type { LocalCloud } from '../../../local/cloud.ts';
import type { Principal } from '../../../local/service.ts';
import { askService, type DirectCall } from './ask-service.ts';
import { RetryBudget } from './retry-budget.ts';

const require = createRequire(import.meta.url);

/** Whose clients they are. */
export interface DirectCaller {
  readonly cloud: LocalCloud;
  readonly principal: Principal;
  /** False when the process of the caller is gone. */
  readonly isAlive: () => boolean;
  /** Waits in the caller's own time. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Calls under way; whoever ends the caller breaks them off. */
  readonly calls: Set<DirectCall>;
  /** What is left of the tries of its clients. */
  readonly budgets: Set<RetryBudget>;
}

interface Package {
  readonly service: string;
  /** How the names of its client and of its errors begin. */
  readonly prefix: string;
  /** Before the first retry, at most. Default 50. */
  readonly delayMilliseconds?: number;
}

/** Packages of the SDK whose services are asked directly. */
const packages: Readonly<Record<string, Package>> = {
  '@aws-sdk/client-dynamodb': { service: 'dynamodb', prefix: 'DynamoDB', delayMilliseconds: 25 },
  '@aws-sdk/client-eventbridge': { service: 'events', prefix: 'EventBridge' },
  '@aws-sdk/client-glue': { service: 'glue', prefix: 'Glue' },
  '@aws-sdk/client-s3': { service: 's3', prefix: 'S3' },
  '@aws-sdk/client-sfn': { service: 'states', prefix: 'SFN' },
  '@aws-sdk/client-sqs': { service: 'sqs', prefix: 'SQS' },
};

type Next = (args: { readonly input: any }) => Promise<{ readonly output: any }>;
type Middleware = (next: Next) => Next;

interface Sent {
  readonly input: any;
  readonly constructor: { readonly name: string };
}

/**
 * A package of the SDK as it is, but for its client: commands go to the service as they are, through no serialisation,
 * signature or HTTP, under the same fault hook, and are tried again as the SDK would. Undefined for other modules.
 */
export function directClients(name: string, caller: DirectCaller): object | undefined {
  if (!name.startsWith('@aws-sdk/client-')) return undefined;
  const known = packages[name];
  if (!known) throw new Error(`a simulated function asks for ${name}, which has no direct client`);
  const sdk = packageOf(name);
  // A copy of hundreds of members would be made for each function that starts.
  return Object.create(sdk, { [`${known.prefix}Client`]: { value: clientOf(sdk, known, caller) } });
}

const loaded = new Map<string, any>();

/** To find out where a package lies takes as long as a call. */
function packageOf(name: string): any {
  if (!loaded.has(name)) loaded.set(name, require(name));
  return loaded.get(name);
}

function clientOf(sdk: any, { service, prefix, delayMilliseconds = 50 }: Package, caller: DirectCaller) {
  const failure = sdk[`${prefix}ServiceException`];
  function Client(this: any, { maxAttempts = 3 }: { readonly maxAttempts?: number } = {}): void {
    const budget = new RetryBudget(maxAttempts, delayMilliseconds);
    caller.budgets.add(budget);
    const outside: Middleware[] = [];
    this.config = { maxAttempts: async () => maxAttempts };
    this.middlewareStack = {
      add(middleware: Middleware, { step }: { readonly step: string }) {
        // What stands inside of an attempt looks at requests and answers of HTTP, which there are none of.
        if (step === 'initialize') outside.unshift(middleware);
      },
      addRelativeTo() {},
    };
    this.destroy = () => {};
    this.send = async (command: Sent, options: { readonly abortSignal?: AbortSignal } = {}) => {
      const operation = command.constructor.name.replace(/Command$/, '');
      const request = { sdk, failure, service, operation, input: command.input, abortSignal: options.abortSignal };
      const ask: Next = async () => ({ output: await budget.spend(caller, () => askService(caller, request)) });
      return (await outside.reduce((next, middleware) => middleware(next), ask)({ input: command.input })).output;
    };
  }
  // Paginators ask for an instance of the real one.
  Client.prototype = sdk[`${prefix}Client`].prototype;
  return Client;
}
