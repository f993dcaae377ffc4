import { LocalCloud } from '../../../local/cloud.ts';
import { root } from '../../../local/iam/principals.ts';
import { Deployment } from '../../../local/provisioning/deployment.ts';
import { readAssembly } from '../../../local/template/assembly.ts';
import { random } from '../random.ts';
import { type InProcessEnvironments, servicesInProcess } from './environments.ts';
import { takeOver } from './globals.ts';
import { untilRest } from './rest.ts';
import { observer, Scheduler } from './scheduler.ts';
import { SimClock } from './sim-clock.ts';
import { StoreView } from './store-view.ts';

const start = Date.UTC(2026, 0, 1);
/** Seed of the chances of functions that begin: whether one is warm already is to change nothing in a history. */
const startOfFunctions = 2;
/** Of the machine's time: what is on its way between two sockets, which Node does not list, takes less. */
const unseenMilliseconds = 10;

/**
 * An app on local AWS in this process alone: its functions, its time, its chances and the order of all of its calls are in
 * the hands of whoever runs it. One at a time goes on in a process, because time is the process's; others may be paused.
 */
export class World {
  readonly clock: SimClock;
  readonly scheduler: Scheduler;
  readonly cloud: LocalCloud;
  readonly environments: InProcessEnvironments;
  readonly deployment: Deployment;
  readonly view: StoreView;
  /** Decides all chances. */
  random: () => number = random(1);
  #giveBack: () => void = () => {};

  private constructor(parts: Pick<World, 'clock' | 'scheduler' | 'cloud' | 'environments' | 'deployment'>) {
    this.clock = parts.clock;
    this.scheduler = parts.scheduler;
    this.cloud = parts.cloud;
    this.environments = parts.environments;
    this.deployment = parts.deployment;
    this.view = new StoreView(parts.cloud);
    parts.environments.begins = (start) => this.withChances(startOfFunctions, start);
    this.goOn();
  }

  /**
   * @param assembly folder of a cloud assembly
   * @param at when its time begins, in milliseconds since the epoch
   */
  static async start(assembly: string, at = start): Promise<World> {
    const clock = new SimClock(at);
    const scheduler = new Scheduler();
    const { services, environments } = await servicesInProcess();
    const cloud = await LocalCloud.start({ services, clock, faults: scheduler.intercept });
    const deployment = await Deployment.begin(readAssembly(assembly), cloud, { log: () => {}, parameters: {} });
    const world = new World({ clock, scheduler, cloud, environments: environments(), deployment });
    await world.#removeAlarms();
    return world;
  }

  /** Name of an output of a stack's template, e.g. `LakeName` of the platform's. */
  output(name: string): string {
    for (const { outputs } of Object.values(this.deployment.stacks)) if (outputs[name]) return outputs[name];
    throw new Error(`no stack has the output ${name}`);
  }

  /** Name of the bucket. */
  get lake(): string {
    return this.output('LakeName');
  }

  /** Calls an operation as root without being held, to look at something or to put something in order. */
  look(service: string, operation: string, input: object): Promise<any> {
    const context = {
      principal: root(this.cloud.accountId),
      requestId: observer,
      signal: new AbortController().signal,
    };
    return this.cloud.call(service, operation, input, context);
  }

  /** `work`, with chances that are the same each time and leave those of the world as they are. */
  withChances<Result>(seed: number, work: () => Result): Result {
    const chances = this.random;
    this.random = random(seed);
    try {
      return work();
    } finally {
      this.random = chances;
    }
  }

  untilRest(): Promise<void> {
    return untilRest();
  }

  /**
   * Whether a function that seems to wait for its time was at work where nobody could see it, and has made a call. Of those
   * that ask services without a socket all is seen: files, packed bytes and DuckDB are counted.
   */
  async stirs(): Promise<boolean> {
    if (!this.environments.overHttp || !this.environments.areAtWork) return false;
    const [held, due] = [this.scheduler.held.length, this.clock.nextDue];
    await new Promise((resolve) => setTimeout(resolve, unseenMilliseconds));
    await untilRest();
    return this.scheduler.held.length !== held || this.clock.nextDue !== due;
  }

  /** Lets time go by, with what comes due in it; calls wait. */
  async letPass(milliseconds: number): Promise<void> {
    const end = this.clock.now() + milliseconds;
    this.scheduler.holds = true;
    await untilRest();
    while ((this.clock.nextDue ?? Number.POSITIVE_INFINITY) <= end) {
      this.clock.runNext();
      await untilRest();
    }
    this.clock.moveTo(end);
    this.scheduler.holds = false;
  }

  /** They look at everything once a minute, which is most of what happens in an hour of waiting; no history is about them. */
  async #removeAlarms(): Promise<void> {
    const { MetricAlarms, CompositeAlarms } = await this.look('monitoring', 'DescribeAlarms', {
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: 100,
    });
    const AlarmNames = [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName }) => AlarmName);
    await this.look('monitoring', 'DeleteAlarms', { AlarmNames });
  }

  /** Gives the process its own time and chances back, so that another world may have them. Nothing happens in this one. */
  async pause(): Promise<void> {
    await untilRest();
    this.#giveBack();
  }

  /** Takes the process's time and chances again. */
  goOn(): void {
    this.#giveBack = takeOver(this.clock, () => this.random());
  }

  async close(): Promise<void> {
    this.scheduler.holds = false;
    await this.environments.close();
    await this.cloud.close();
    this.#giveBack();
  }
}
