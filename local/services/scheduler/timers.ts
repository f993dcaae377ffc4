import type { Timer } from '../../../lib/core/clock.ts';
import type { Cloud } from '../../service.ts';
import { isOnce, nextDue, windowOffset } from './due-times.ts';
import type { Invocations } from './invocations.ts';
import type { Schedule, SchedulerState } from './state.ts';

/** Begins the invocations of schedules at their times. */
export class ScheduleTimers {
  readonly #cloud: Cloud;
  readonly #state: SchedulerState;
  readonly #invocations: Invocations;
  readonly #timers = new Map<string, Timer>();

  constructor(cloud: Cloud, state: SchedulerState, invocations: Invocations) {
    this.#cloud = cloud;
    this.#state = state;
    this.#invocations = invocations;
  }

  /** What recurs goes on from now; a schedule for one time that was missed while the process was down is caught up with. */
  start(): void {
    for (const schedule of this.#state.all()) {
      const since = isOnce(schedule.expression) ? schedule.modifiedAt : this.#cloud.clock.now();
      this.#arm(schedule, Math.max(since, schedule.lastDue ?? 0));
    }
  }

  /** To be called when a schedule was made or changed. */
  changed(schedule: Schedule): void {
    this.stop(schedule);
    // A rate that begins now begins with an invocation; what else is due at this very moment is over.
    const begins = schedule.expression.startsWith('rate(') ? 1 : 0;
    this.#arm(schedule, this.#cloud.clock.now() - begins);
  }

  stop({ group, name }: Pick<Schedule, 'group' | 'name'>): void {
    this.#timers.get(`${group}/${name}`)?.cancel();
    this.#timers.delete(`${group}/${name}`);
  }

  close(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #arm(schedule: Schedule, after: number): void {
    if (!schedule.enabled) return;
    const due = nextDue(schedule, after);
    if (due === undefined) return;
    const at = due + windowOffset(this.#state.arn(schedule), due, schedule.windowMinutes);
    const wait = Math.max(0, at - this.#cloud.clock.now());
    this.#timers.set(
      `${schedule.group}/${schedule.name}`,
      this.#cloud.clock.after(wait, () => this.#fire(schedule, due)),
    );
  }

  #fire(schedule: Schedule, due: number): void {
    this.stop(schedule);
    const fired = { ...schedule, lastDue: due };
    // What recurs without an end is kept, even where no time is left.
    const ends = isOnce(schedule.expression) || schedule.end !== undefined;
    const over = ends && nextDue(fired, due) === undefined;
    this.#cloud.store.transaction(() => {
      this.#invocations.add({
        scheduleArn: this.#state.arn(schedule),
        groupArn: this.#state.groupArn(schedule.group),
        target: schedule.target,
        due,
      });
      if (over && schedule.afterCompletion === 'DELETE') this.#state.delete(schedule);
      else this.#state.set(fired);
    });
    this.#arm(fired, due);
  }
}
