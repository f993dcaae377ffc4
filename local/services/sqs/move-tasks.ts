import { randomUUID } from 'node:crypto';
import type { Timer } from '../../../lib/core/clock.ts';
import { AwsError } from '../../aws-error.ts';
import { invalidParameter } from './errors.ts';
import type { Message } from './message.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';

export type MoveStatus = 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

/** A task that moves messages out of a dead-letter queue, as it is stored. */
export interface MoveTask {
  readonly handle: string;
  readonly sourceArn: string;
  /** Undefined sends each message back to the queue that it came from. */
  readonly destinationArn?: string;
  readonly perSecond?: number;
  readonly startedAt: number;
  readonly toMove: number;
  readonly moved: number;
  readonly status: MoveStatus;
  readonly failure?: string;
}

/** How many finished tasks of a queue are remembered, as on AWS. */
const mostRemembered = 10;

/** Moves messages from dead-letter queues back, all at once or at a given pace on the clock. */
export class MoveTasks {
  readonly #queues: Queues;
  readonly #tasks;
  readonly #timers = new Map<string, Timer>();

  constructor(queues: Queues) {
    this.#queues = queues;
    this.#tasks = queues.cloud.store.collection<MoveTask>('sqs.moves');
  }

  /** Goes on with what was under way when the process ended. */
  start(): void {
    for (const task of [...this.#tasks.values()]) if (task.status === 'RUNNING') this.#step(task.handle);
  }

  begin(source: Queue, destinationArn: string | undefined, perSecond: number | undefined): MoveTask {
    if (this.of(source).some(({ status }) => status === 'RUNNING')) {
      throw invalidParameter(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    const task: MoveTask = {
      handle: Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn: source.arn })).toString('base64'),
      sourceArn: source.arn,
      startedAt: this.#queues.cloud.clock.now(),
      toMove: source.count().visible,
      moved: 0,
      status: 'RUNNING',
      ...(destinationArn !== undefined && { destinationArn }),
      ...(perSecond !== undefined && { perSecond }),
    };
    this.#tasks.set(task.handle, task);
    for (const old of this.of(source).slice(mostRemembered)) this.#tasks.delete(old.handle);
    this.#step(task.handle);
    return task;
  }

  /** The tasks of a queue, newest first. */
  of(source: Queue): MoveTask[] {
    return [...this.#tasks.values()].filter(({ sourceArn }) => sourceArn === source.arn).reverse();
  }

  find(handle: unknown): MoveTask | undefined {
    return this.#tasks.get(String(handle));
  }

  /** Throws ResourceNotFoundException where no such task runs. */
  cancel(handle: unknown): MoveTask {
    const task = this.find(handle);
    if (task?.status !== 'RUNNING') throw new AwsError('ResourceNotFoundException', 'Task does not exist.', 404);
    this.#timers.get(task.handle)?.cancel();
    const cancelled: MoveTask = { ...task, status: 'CANCELLED' };
    this.#tasks.set(task.handle, cancelled);
    return cancelled;
  }

  close(): void {
    for (const timer of this.#timers.values()) timer.cancel();
  }

  #step(handle: string): void {
    const task = this.#tasks.get(handle)!;
    const limit = task.perSecond ?? Number.POSITIVE_INFINITY;
    const after = this.#queues.cloud.store.transaction(() => this.#move(task, limit));
    this.#tasks.set(handle, after);
    if (after.status !== 'RUNNING') this.#timers.delete(handle);
    else
      this.#timers.set(
        handle,
        this.#queues.cloud.clock.after(1000, () => this.#step(handle)),
      );
  }

  #move(task: MoveTask, limit: number): MoveTask {
    const source = this.#queues.byArn(task.sourceArn);
    if (!source) return { ...task, status: 'FAILED', failure: 'AWS.SimpleQueueService.NonExistentQueue' };
    const left = Math.min(limit, task.toMove - task.moved);
    let moved = task.moved;
    for (const message of source.visible(left)) {
      const target = this.#queues.byArn(task.destinationArn ?? message.content.deadLetterSource ?? '');
      if (!target) {
        const failure = task.destinationArn
          ? 'AWS.SimpleQueueService.NonExistentQueue'
          : 'CouldNotDetermineMessageSource';
        return { ...task, moved, status: 'FAILED', failure };
      }
      this.#moveOne(source, target, message);
      moved += 1;
    }
    // Fewer than were asked for: what was counted at the start has been received by others meanwhile.
    const done = moved >= task.toMove || moved - task.moved < left;
    return { ...task, moved, status: done ? 'COMPLETED' : 'RUNNING' };
  }

  /** A message moved is a new message, as on AWS: its id, age and receive count begin again. */
  #moveOne(source: Queue, target: Queue, message: Message): void {
    const { sequence: _, deadLetterSource: __, ...content } = message.content;
    const now = this.#queues.cloud.clock.now();
    target.add({ ...content, id: randomUUID(), sentAt: now }, { visibleAt: now, receiveCount: 0 });
    source.remove(message);
  }
}
