import type { Clock, Timer } from '../../../lib/core/clock.ts';
import type { HandlerCode } from '../../../lib/infra/bundle/handlers.ts';
import { allServices } from '../../../local/all-services.ts';
import type { LocalCloud } from '../../../local/cloud.ts';
import type { Cloud, ServiceFactory } from '../../../local/service.ts';
import { assumeRole } from '../../../local/services/lambda/assume-role.ts';
import type { Environments } from '../../../local/services/lambda/environment/environments.ts';
import { brokenOff, type Outcome } from '../../../local/services/lambda/environment/outcome.ts';
import { processVariables } from '../../../local/services/lambda/environment/process-variables.ts';
import type { Invocation } from '../../../local/services/lambda/environment/runtime-api.ts';
import { createLambda } from '../../../local/services/lambda/index.ts';
import type { LambdaSettings } from '../../../local/services/lambda/lambda-options.ts';
import type { FunctionVersion } from '../../../local/services/lambda/state.ts';
import { directCode } from './direct-code.ts';
import { FunctionInstance } from './function-instance.ts';

type Ending = 'crash' | 'timeout';

/** The process of a function, as it is known to those whom it calls. */
export interface SimProcess {
  kill(): void;
  /** Which of all invocations it works on. */
  invocation: number;
}

interface Environment {
  readonly version: FunctionVersion;
  readonly overHttp: boolean;
  readonly instance: FunctionInstance;
  readonly process: SimProcess;
  /** Ends the invocation that it has, if any. */
  end: ((ending: Ending) => void) | undefined;
  /** Whether its code has not come to the end of the invocation yet, which may be over by then. */
  isHandling: boolean;
  /** Takes it from the credentials that it was given, which IAM keeps for hours: its code is in memory as long as it. */
  release(): void;
}

/** Functions of a simulated cloud: their own bundles, one invocation at a time each, in this process. */
export class InProcessEnvironments implements Environments {
  /** Lines of the logs of all functions, newest last. */
  readonly log: string[] = [];
  /** Invocations under way. */
  working = 0;
  readonly #cloud: LocalCloud;
  readonly #settings: LambdaSettings;
  readonly #clock: Clock;
  /** Whether functions ask services over HTTP, with the SDK's own clients. Default: their clients are direct ones. */
  overHttp = false;
  /** Makes a function begin. Default: just so. */
  begins: (start: () => Environment) => Environment = (start) => start();
  #idle: Environment[] = [];
  /** Killed ones, whose code may still have to come to its end. */
  #killed: readonly Environment[] = [];
  #invocations = 0;
  #skew = 0;
  #wereSkewed = false;

  constructor({ cloud, settings }: { readonly cloud: Cloud; readonly settings: LambdaSettings }) {
    this.#cloud = cloud as LocalCloud;
    this.#clock = cloud.clock;
    this.#settings = settings;
  }

  /** How far the clocks of functions are off, in milliseconds. */
  get skew(): number {
    return this.#skew;
  }

  set skew(milliseconds: number) {
    this.#skew = milliseconds;
    this.#wereSkewed = true;
  }

  async run(version: FunctionVersion, invocation: Invocation): Promise<Outcome> {
    const environment = this.#take(version);
    const startedAt = this.#clock.now();
    environment.process.invocation = this.#invocations++;
    this.working++;
    let timer: Timer | undefined;
    try {
      const { functionError, payload } = await new Promise<Pick<Outcome, 'payload' | 'functionError'>>((resolve) => {
        environment.end = (ending) => {
          environment.instance.kill();
          resolve(broken(invocation, ending, version));
        };
        timer = this.#clock.after(version.configuration.Timeout * 1000, () => environment.end?.('timeout'));
        environment.isHandling = true;
        void invoke(environment.instance, invocation, version).then((answer) => {
          environment.isHandling = false;
          resolve(answer);
        });
      });
      const duration = this.#clock.now() - startedAt;
      const { requestId } = invocation;
      return {
        payload,
        ...(functionError && { functionError }),
        report: { requestId, status: functionError ? 'error' : 'success', duration, maxMemoryBytes: 0 },
        logTail: '',
      };
    } finally {
      timer?.cancel();
      environment.end = undefined;
      this.working--;
      if (environment.instance.alive) this.#idle.push(environment);
      else this.#killed = [...this.#killed, environment];
    }
  }

  /** Whether functions are at work: in an invocation, or on what they had begun in one that they have answered already. */
  get areAtWork(): boolean {
    return this.working > 0 || this.#idle.some(({ instance }) => instance.isAtWork);
  }

  /**
   * Ends functions that have begun something and not ended it, or whose clients have learned how far their clocks are off;
   * the others forget what they have learned. Those that were killed and have come to their end since begin again.
   */
  reset(): void {
    const killed = this.#killed;
    this.#killed = this.#end(({ instance, overHttp }) => instance.isAtWork || (overHttp && this.#wereSkewed));
    for (const environment of killed) {
      if (mayBeginAgain(environment)) this.#idle.push(environment);
      else environment.release();
    }
    for (const { instance } of this.#idle) instance.beginAgain();
    this.#skew = 0;
    this.#wereSkewed = false;
  }

  retire(isCurrent: (version: FunctionVersion) => boolean): void {
    const isOver = ({ version }: Environment) => !isCurrent(version);
    for (const environment of this.#end(isOver)) environment.release();
  }

  async close(): Promise<void> {
    for (const environment of [...this.#end(() => true), ...this.#killed]) environment.release();
    this.#killed = [];
  }

  /** Kills those that nobody has called. */
  #end(isOver: (environment: Environment) => boolean): readonly Environment[] {
    const over = this.#idle.filter(isOver);
    for (const { instance } of over) instance.kill();
    this.#idle = this.#idle.filter(({ instance }) => instance.alive);
    return over;
  }

  #take(version: FunctionVersion): Environment {
    const { FunctionArn, RevisionId } = version.configuration;
    // The one that was at work last: how many others wait, from histories before, is to change nothing.
    const index = this.#idle.findLastIndex(
      ({ version: { configuration }, overHttp }) =>
        configuration.FunctionArn === FunctionArn &&
        configuration.RevisionId === RevisionId &&
        overHttp === this.overHttp,
    );
    return index < 0 ? this.begins(() => this.#start(version)) : this.#idle.splice(index, 1)[0]!;
  }

  #start(version: FunctionVersion): Environment {
    let environment: Environment | undefined;
    const process: SimProcess = { kill: () => environment?.end?.('crash'), invocation: 0 };
    const principal = { ...assumeRole(this.#cloud, version), process };
    const variables = processVariables(version, {
      cloud: this.#cloud,
      settings: this.#settings,
      principal,
      runtimeApi: 'none',
      temporaryFolder: '/tmp',
      logStream: 'simulated',
    });
    const instance = new FunctionInstance({
      code: codeOf(version, this.overHttp),
      environment: variables,
      clock: this.#clock,
      cloud: this.#cloud,
      principal,
      skew: () => this.skew,
      log: (text) => this.log.push(`${version.configuration.FunctionName}: ${text}`),
    });
    const release = () => {
      environment = undefined;
    };
    environment = { version, overHttp: this.overHttp, instance, process, end: undefined, isHandling: false, release };
    return environment;
  }
}

/** What is left of the tries of the SDK's own clients nobody can give back. */
function mayBeginAgain({ instance, overHttp, isHandling }: Environment): boolean {
  return !overHttp && !isHandling && !instance.isAtWork;
}

function codeOf({ codeFolder, configuration }: FunctionVersion, overHttp: boolean): HandlerCode {
  const own = { folder: codeFolder, handler: configuration.Handler };
  return overHttp ? own : (directCode(codeFolder, own.handler.split('.')[1]!) ?? own);
}

/** All services, with functions that work in this process. `environments` is there once the services are. */
export async function servicesInProcess(): Promise<{
  readonly services: readonly ServiceFactory[];
  readonly environments: () => InProcessEnvironments;
}> {
  let made: InProcessEnvironments | undefined;
  const inProcess: ServiceFactory = (cloud) =>
    createLambda(cloud, {
      environments: (surroundings) => {
        made = new InProcessEnvironments(surroundings);
        return made;
      },
    });
  const services = (await allServices()).map((create) => (create.name === createLambda.name ? inProcess : create));
  return {
    services,
    environments: () => {
      if (!made) throw new Error('the services have not been started yet');
      return made;
    },
  };
}

async function invoke(
  { handler }: FunctionInstance,
  { payload, requestId, invokedFunctionArn }: Invocation,
  { configuration }: FunctionVersion,
): Promise<Pick<Outcome, 'payload' | 'functionError'>> {
  const context = {
    awsRequestId: requestId,
    invokedFunctionArn,
    functionName: configuration.FunctionName,
    functionVersion: configuration.Version,
    memoryLimitInMB: String(configuration.MemorySize),
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => configuration.Timeout * 1000,
  };
  try {
    const result = await handler(JSON.parse(Buffer.from(payload).toString('utf8')), context);
    return { payload: Buffer.from(JSON.stringify(result ?? null)) };
  } catch (error) {
    const { name, message } = error as Error;
    const answer = { errorType: name, errorMessage: message, trace: [] };
    return { payload: Buffer.from(JSON.stringify(answer)), functionError: 'Unhandled' };
  }
}

function broken({ requestId }: Invocation, ending: Ending, { configuration }: FunctionVersion) {
  const end = ending === 'timeout' ? { code: null, signal: null, killedFor: ending } : { code: 1, signal: null };
  const { payload } = brokenOff(requestId, end as Parameters<typeof brokenOff>[1], configuration);
  return { payload, functionError: 'Unhandled' as const };
}
