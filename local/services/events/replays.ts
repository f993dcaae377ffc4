import type { Timer } from '../../../lib/core/clock.ts';
import type { Cloud } from '../../service.ts';
import type { Collection } from '../../store.ts';
import type { Archives } from './archives.ts';
import type { Router } from './router.ts';
import { notFound } from './state.ts';

/** Times are milliseconds since the epoch. */
export interface Replay {
  readonly name: string;
  readonly description?: string;
  readonly archive: string;
  readonly bus: string;
  /** The rules to replay to, by ARN; undefined means all. */
  readonly rules?: readonly string[];
  readonly state: 'STARTING' | 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  readonly reason?: string;
  readonly start: number;
  readonly end: number;
  readonly replayStart: number;
  readonly replayEnd?: number;
  /** How many events are replayed already, and when the last of them had come. */
  readonly replayed: number;
  readonly lastReplayed?: number;
}

/** How many events one step of a replay puts on the bus. */
const stepSize = 100;

/** Runs replays: archived events go onto their bus again, marked with the replay's name. Survives a restart. */
export class Replays {
  readonly #cloud: Cloud;
  readonly #archives: Archives;
  readonly #router: Router;
  readonly #replays: Collection<Replay>;
  readonly #timers = new Set<Timer>();

  constructor(cloud: Cloud, archives: Archives, router: Router) {
    this.#cloud = cloud;
    this.#archives = archives;
    this.#router = router;
    this.#replays = cloud.store.collection('events.replays');
  }

  start(): void {
    for (const replay of this.#replays.values()) if (isActive(replay)) this.#stepLater(replay.name);
  }

  has(name: string): boolean {
    return this.#replays.has(name);
  }

  get(name: string): Replay {
    const replay = this.#replays.get(name);
    if (!replay) throw notFound(`Replay ${name} does not exist.`);
    return replay;
  }

  all(): Replay[] {
    return [...this.#replays.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  begin(replay: Replay): void {
    this.#replays.set(replay.name, replay);
    this.#stepLater(replay.name);
  }

  cancel(name: string): void {
    this.#replays.set(name, { ...this.get(name), state: 'CANCELLED', replayEnd: this.#cloud.clock.now() });
  }

  close(): void {
    for (const timer of this.#timers) timer.cancel();
  }

  #stepLater(name: string): void {
    const timer = this.#cloud.clock.after(0, () => {
      this.#timers.delete(timer);
      const replay = this.#replays.get(name);
      if (replay && isActive(replay)) this.#step(replay);
    });
    this.#timers.add(timer);
  }

  #step(replay: Replay): void {
    const events = this.#archives.eventsBetween(replay.archive, replay.start, replay.end);
    const step = events.slice(replay.replayed, replay.replayed + stepSize);
    const replayed = replay.replayed + step.length;
    const done = replayed >= events.length;
    this.#cloud.store.transaction(() => {
      for (const { event } of step)
        this.#router.route(replay.bus, { ...event, 'replay-name': replay.name }, replay.rules);
      this.#replays.set(replay.name, {
        ...replay,
        replayed,
        lastReplayed: step.at(-1)?.at ?? replay.lastReplayed,
        state: done ? 'COMPLETED' : 'RUNNING',
        replayEnd: done ? this.#cloud.clock.now() : undefined,
      });
    });
    if (!done) this.#stepLater(replay.name);
  }
}

export const isActive = (replay: Replay) => replay.state === 'STARTING' || replay.state === 'RUNNING';
