import type { Cloud } from '../../service.ts';
import type { Collection } from '../../store.ts';
import type { ActivityRecord } from './records.ts';

interface WaitingTask {
  readonly token: string;
  readonly input: string;
  onStart(workerName?: string): void;
}

interface Worker {
  take(task: WaitingTask): void;
}

/** A worker's long poll ends empty after this. */
const pollMilliseconds = 60_000;

/** Activities, the tasks that wait for their workers, and the workers that wait for tasks. */
export class Activities {
  readonly records: Collection<ActivityRecord>;
  readonly #clock: Cloud['clock'];
  readonly #tasks = new Map<string, WaitingTask[]>();
  readonly #workers = new Map<string, Worker[]>();

  constructor(cloud: Pick<Cloud, 'store' | 'clock'>) {
    this.records = cloud.store.collection('states.activities');
    this.#clock = cloud.clock;
  }

  /** Hands a task to a worker that waits, or keeps it for the next that asks. */
  schedule(arn: string, task: WaitingTask): void {
    const worker = this.#workers.get(arn)?.shift();
    if (worker) worker.take(task);
    else this.#tasks.set(arn, [...(this.#tasks.get(arn) ?? []), task]);
  }

  /** A task that was settled or given up waits for nobody. */
  withdraw(token: string): void {
    for (const [arn, tasks] of this.#tasks) {
      if (tasks.some((task) => task.token === token))
        this.#tasks.set(
          arn,
          tasks.filter((task) => task.token !== token),
        );
    }
  }

  /** The next task, as soon as there is one; undefined after a minute without any. */
  async poll(
    arn: string,
    signal: AbortSignal,
    workerName?: string,
  ): Promise<{ token: string; input: string } | undefined> {
    const waiting = this.#tasks.get(arn)?.shift() ?? (await this.#wait(arn, signal));
    waiting?.onStart(workerName);
    return waiting && { token: waiting.token, input: waiting.input };
  }

  #wait(arn: string, signal: AbortSignal): Promise<WaitingTask | undefined> {
    return new Promise((resolve) => {
      const leave = () => {
        timer.cancel();
        signal.removeEventListener('abort', leave);
        this.#workers.set(
          arn,
          (this.#workers.get(arn) ?? []).filter((other) => other !== worker),
        );
        resolve(undefined);
      };
      const worker: Worker = {
        take(task) {
          timer.cancel();
          signal.removeEventListener('abort', leave);
          resolve(task);
        },
      };
      const timer = this.#clock.after(pollMilliseconds, leave);
      signal.addEventListener('abort', leave, { once: true });
      this.#workers.set(arn, [...(this.#workers.get(arn) ?? []), worker]);
    });
  }
}
