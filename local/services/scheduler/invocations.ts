import { createHash } from 'node:crypto';
import { Outbox, type Pending } from '../../outbox.ts';
import type { Cloud } from '../../service.ts';
import { eventTime } from '../events/bus-event.ts';
import { failureAttributes, sendToQueue, text } from '../events/delivery/dead-letters.ts';
import { exhaustedCondition, mayPass, pauseBeforeRetry } from '../events/delivery/retry-policy.ts';
import type { Target } from './state.ts';
import { isUniversal, targetSender } from './targets.ts';

/** A due time of a schedule whose target has not been invoked yet. */
export interface Invocation {
  readonly scheduleArn: string;
  readonly groupArn: string;
  readonly target: Target;
  /** Milliseconds since the epoch. */
  readonly due: number;
}

/** Invokes targets as the role of their schedule, with retries and a dead-letter queue. */
export class Invocations {
  readonly #cloud: Cloud;
  readonly #outbox: Outbox<Invocation>;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#outbox = new Outbox(cloud, {
      collection: 'scheduler.invocations',
      deliver: (pending) => this.#invoke(pending),
      pause: (pending, error) => {
        const retry = mayPass(error) && !this.#exhausted(pending);
        return retry ? pauseBeforeRetry(pending.attempts) : undefined;
      },
      giveUp: (pending, error) => this.#giveUp(pending, error),
    });
  }

  start(): void {
    this.#outbox.start();
  }

  add(invocation: Invocation): void {
    this.#outbox.add(invocation);
  }

  close(): Promise<void> {
    return this.#outbox.close();
  }

  #exhausted(pending: Pending<Invocation>): string | undefined {
    return exhaustedCondition(pending.item.target.RetryPolicy, pending, this.#cloud.clock.now());
  }

  #invoke(pending: Pending<Invocation>): Promise<unknown> {
    const { target } = pending.item;
    const executionId = executionIdOf(pending.item);
    const input = this.#input(pending.item, executionId, pending.attempts + 1);
    return targetSender(target.Arn)(
      this.#cloud,
      { target, input, executionId },
      this.#caller(pending.item, executionId),
    );
  }

  #caller({ target, groupArn }: Invocation, executionId: string) {
    return this.#cloud.assume(target.RoleArn, executionId, { service: 'scheduler.amazonaws.com', sourceArn: groupArn });
  }

  /** The target's input with the context of the invocation filled in; without one, an event that tells of the schedule, or nothing where an API is called. */
  #input({ target, scheduleArn, due }: Invocation, executionId: string, attempt: number): string {
    if (target.Input === undefined && isUniversal(target.Arn)) return '{}';
    if (target.Input === undefined) {
      return JSON.stringify({
        version: '0',
        id: executionId,
        'detail-type': 'Scheduled Event',
        source: 'aws.scheduler',
        account: this.#cloud.accountId,
        time: eventTime(due),
        region: this.#cloud.region,
        resources: [scheduleArn],
        detail: '{}',
      });
    }
    return target.Input.replaceAll('<aws.scheduler.schedule-arn>', scheduleArn)
      .replaceAll('<aws.scheduler.scheduled-time>', eventTime(due))
      .replaceAll('<aws.scheduler.execution-id>', executionId)
      .replaceAll('<aws.scheduler.attempt-number>', String(attempt));
  }

  /** The dead-letter queue is written to by the schedule's own role. */
  async #giveUp(pending: Pending<Invocation>, error: Error): Promise<void> {
    const { target, scheduleArn, due } = pending.item;
    const executionId = executionIdOf(pending.item);
    const dropped = `Scheduler dropped an invocation of ${target.Arn} by ${scheduleArn}: ${error.message}`;
    const queue = target.DeadLetterConfig?.Arn;
    if (queue === undefined) return process.emitWarning(dropped);
    const MessageAttributes = {
      SCHEDULE_ARN: text(scheduleArn),
      TARGET_ARN: text(target.Arn),
      EXECUTION_ID: text(executionId),
      SCHEDULED_TIME: text(eventTime(due)),
      IS_PAYLOAD_TRUNCATED: text('false'),
      ...failureAttributes(error, pending.attempts, this.#exhausted(pending)),
      // Unlike EventBridge, the Scheduler says how the target itself calls its error.
      ERROR_CODE: text('code' in error ? String(error.code) : error.name),
      RETRY_ATTEMPTS: text(String(pending.attempts - 1)),
    };
    try {
      const MessageBody = this.#input(pending.item, executionId, pending.attempts);
      const caller = this.#caller(pending.item, executionId);
      await sendToQueue(this.#cloud, queue, { MessageBody, MessageAttributes }, caller);
    } catch (refused) {
      process.emitWarning(`${dropped}; its dead-letter queue ${queue} refused it: ${(refused as Error).message}`);
    }
  }
}

/** One due time of one schedule has one id, whatever happens in between. */
function executionIdOf({ scheduleArn, due }: Invocation): string {
  return createHash('sha256').update(`${scheduleArn} ${due}`).digest('hex').slice(0, 32);
}
