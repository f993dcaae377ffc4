import type { FunctionVersion } from '../state.ts';
import { Environment, type EnvironmentSurroundings } from './environment.ts';
import type { Environments } from './environments.ts';
import type { Outcome } from './outcome.ts';
import type { Invocation } from './runtime-api.ts';

interface Waiter {
  readonly version: FunctionVersion;
  readonly urgent: boolean;
  readonly resolve: (environment: Environment) => void;
  readonly reject: (reason: unknown) => void;
}

/** The execution environments of all functions: used again while warm, ended when idle for long or outdated. */
export class EnvironmentPool implements Environments {
  readonly #surroundings: EnvironmentSurroundings;
  /** Those at work, with the time at which they were taken. */
  readonly #taken = new Map<Environment, number>();
  /** Idle ones, the longest idle first. */
  readonly #idle = new Map<Environment, NodeJS.Timeout>();
  readonly #ending = new Set<Promise<void>>();
  #isCurrent: (version: FunctionVersion) => boolean = () => true;
  #waiters: Waiter[] = [];
  #patience: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(surroundings: EnvironmentSurroundings) {
    this.#surroundings = surroundings;
  }

  async run(version: FunctionVersion, invocation: Invocation): Promise<Outcome> {
    for (;;) {
      const environment = await this.#take(version, invocation);
      const outcome = await environment.invoke(invocation);
      if (outcome) return outcome;
    }
  }

  async #take(version: FunctionVersion, { urgent = false, waits }: Invocation): Promise<Environment> {
    if (this.#closed) throw new Error('local AWS is stopping');
    const { promise, resolve, reject } = Promise.withResolvers<Environment>();
    const waiter: Waiter = { version, urgent, resolve, reject };
    const place = urgent ? this.#waiters.findIndex((other) => !other.urgent) : -1;
    this.#waiters.splice(place < 0 ? this.#waiters.length : place, 0, waiter);
    this.#serve();
    const goOn = this.#waiters.includes(waiter) ? waits?.() : undefined;
    try {
      return await promise;
    } finally {
      goOn?.();
    }
  }

  /** Ends the environments of versions that are not current any more, busy ones after what they are doing. */
  retire(isCurrent: (version: FunctionVersion) => boolean): void {
    this.#isCurrent = isCurrent;
    for (const environment of this.#idle.keys()) if (!isCurrent(environment.version)) this.#end(environment);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#patience);
    for (const { reject } of this.#waiters) reject(new Error('local AWS is stopping'));
    this.#waiters = [];
    for (const environment of [...this.#idle.keys(), ...this.#taken.keys()]) this.#end(environment);
    await Promise.all(this.#ending);
  }

  /** First come, first served, except that nobody waits behind those who need another function's environment. */
  #serve(): void {
    this.#waiters = this.#waiters.filter((waiter) => {
      if (this.#taken.size >= this.#surroundings.settings.maximumEnvironments) return true;
      const environment =
        this.#warm(waiter.version) ?? (this.#isWorthAStart(waiter.version) && this.#fresh(waiter.version));
      if (!environment) return true;
      this.#taken.set(environment, performance.now());
      environment.ready.then(() => waiter.resolve(environment), waiter.reject);
      return false;
    });
  }

  #warm(version: FunctionVersion): Environment | undefined {
    const found = [...this.#idle.keys()].findLast((environment) => sameVersion(environment.version, version));
    if (found) this.#leaveIdle(found);
    return found;
  }

  /**
   * Not while those that there are take one invocation after the other: a start costs this machine more than most
   * invocations do, and hundreds at once would end and start environments instead of working.
   */
  #isWorthAStart(version: FunctionVersion): boolean {
    const times = [...this.#taken].flatMap(([environment, at]) =>
      sameVersion(environment.version, version) ? at : [],
    );
    const patience = times.length * this.#surroundings.settings.patienceMilliseconds;
    const left = Math.max(...times) + patience - performance.now();
    if (patience === 0 || left <= 0) return true;
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#serve(), left);
    return false;
  }

  /**
   * A new environment, in the place of the one that has been idle for longest where as many are alive as may be. Idle
   * ones cost memory only, and a pipeline has more functions than should be at work at once.
   */
  #fresh(version: FunctionVersion): Environment | undefined {
    if (this.#taken.size + this.#idle.size >= this.#surroundings.settings.keptEnvironments) {
      const [longestIdle] = this.#idle.keys();
      if (!longestIdle) return undefined;
      this.#end(longestIdle);
    }
    const environment = new Environment(version, this.#surroundings);
    environment.onChange = () => this.#changed(environment);
    return environment;
  }

  #changed(environment: Environment): void {
    this.#taken.delete(environment);
    if (!environment.alive) this.#leaveIdle(environment);
    else if (this.#closed || !this.#isCurrent(environment.version)) this.#end(environment);
    else this.#rest(environment);
    this.#serve();
  }

  /** In the machine's time: an idle process costs this machine's memory, and a clock that skips hours is no reason to end it. */
  #rest(environment: Environment): void {
    const milliseconds = this.#surroundings.settings.idleSeconds * 1000;
    this.#idle.set(environment, setTimeout(() => this.#end(environment), milliseconds).unref());
  }

  #leaveIdle(environment: Environment): void {
    clearTimeout(this.#idle.get(environment));
    this.#idle.delete(environment);
  }

  #end(environment: Environment): void {
    this.#leaveIdle(environment);
    const ended = environment.stop().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }
}

function sameVersion(left: FunctionVersion, right: FunctionVersion): boolean {
  const [a, b] = [left.configuration, right.configuration];
  return a.FunctionArn === b.FunctionArn && a.Version === b.Version && a.RevisionId === b.RevisionId;
}
