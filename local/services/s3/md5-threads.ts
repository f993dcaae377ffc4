import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../../lib/core/clock.ts';
import type { Md5Answer, Md5Request } from './md5-thread.ts';
import type { Md5Stream } from './write-large.ts';

const mostThreads = 4;

interface Pending {
  readonly resolve: (answer: Md5Answer) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  /** Requests that wait for an answer, in the order in which they were sent. */
  readonly pending: Pending[];
  streams: number;
}

/** Takes MD5s beside the main thread, for MD5 is slower than everything else that is done with a byte. */
export class Md5Threads {
  readonly #clock: Clock;
  readonly #threads = new Set<Thread>();
  #lastStream = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Undefined where the machine has no second core to do it on. */
  begin(): Md5Stream | undefined {
    const most = Math.min(mostThreads, availableParallelism() - 1);
    if (most < 1) return undefined;
    const idle = [...this.#threads].find(({ streams }) => streams === 0);
    const thread = idle ?? (this.#threads.size < most ? this.#start() : this.#leastBusy());
    this.#lastStream += 1;
    return this.#stream(thread, this.#lastStream);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()));
  }

  #leastBusy(): Thread {
    return [...this.#threads].reduce((least, each) => (each.streams < least.streams ? each : least));
  }

  #stream(thread: Thread, stream: number): Md5Stream {
    thread.streams += 1;
    // An idle thread must not keep the process alive, one at work must.
    thread.worker.ref();
    let ended = false;
    const done = () => {
      if (ended) return;
      ended = true;
      thread.streams -= 1;
      if (thread.streams === 0) thread.worker.unref();
    };
    const ask = (request: Md5Request, moved: ArrayBuffer[]) => {
      // A virtual clock cannot see that another thread is at work.
      const release = this.#clock.hold?.();
      const answer = new Promise<Md5Answer>((resolve, reject) => {
        thread.pending.push({ resolve, reject });
        thread.worker.postMessage(request, moved);
      });
      return answer.finally(() => release?.());
    };
    return {
      async update(batch) {
        await ask(
          { stream, batch },
          batch.map(({ buffer }) => buffer),
        );
      },
      async digest() {
        const { digest } = await ask({ stream, end: 'digest' }, []).finally(done);
        return Buffer.from(digest!);
      },
      drop() {
        thread.worker.postMessage({ stream, end: 'drop' } satisfies Md5Request);
        done();
      },
    };
  }

  #start(): Thread {
    const thread: Thread = { worker: new Worker(new URL('./md5-thread.ts', import.meta.url)), pending: [], streams: 0 };
    const fail = (error: Error) => {
      this.#threads.delete(thread);
      for (const { reject } of thread.pending.splice(0)) reject(error);
    };
    thread.worker.on('message', (answer: Md5Answer) => thread.pending.shift()?.resolve(answer));
    thread.worker.on('error', fail);
    thread.worker.on('exit', () => fail(new Error('the thread that takes MD5s has ended')));
    this.#threads.add(thread);
    return thread;
  }
}
