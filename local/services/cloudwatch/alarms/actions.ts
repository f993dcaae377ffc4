import { NotSupportedError } from '../../../aws-error.ts';
import { Outbox } from '../../../outbox.ts';
import type { Cloud, Principal } from '../../../service.ts';
import { mayPass, pauseBeforeRetry } from '../../events/delivery/retry-policy.ts';

/** Something that an alarm does when it changes its state. */
interface Action {
  readonly arn: string;
  readonly alarmArn: string;
  readonly subject: string;
  /** What topics get. */
  readonly message: string;
  /** What functions get. */
  readonly event: string;
}

const maxAttempts = 20;

/** Throws where local AWS does not have the action. */
export function checkAction(arn: string): void {
  if (!/^arn:aws[^:]*:(sns|lambda):/.test(arn)) throw new NotSupportedError(`the alarm action ${arn}`);
}

/** Does what alarms want done: publishes to topics and invokes functions. */
export class AlarmActions {
  readonly #outbox: Outbox<Action>;

  constructor(cloud: Cloud) {
    this.#outbox = new Outbox(cloud, {
      collection: 'monitoring.actions',
      deliver: ({ item }) => act(cloud, item),
      pause: ({ attempts }, error) =>
        mayPass(error) && attempts < maxAttempts ? pauseBeforeRetry(attempts) : undefined,
      giveUp: async ({ item }, error) => {
        process.emitWarning(`CloudWatch could not do ${item.arn} for ${item.alarmArn}: ${error.message}`);
      },
    });
  }

  start(): void {
    this.#outbox.start();
  }

  add(action: Action): void {
    this.#outbox.add(action);
  }

  close(): Promise<void> {
    return this.#outbox.close();
  }
}

function act(cloud: Cloud, { arn, alarmArn, subject, message, event }: Action): Promise<unknown> {
  const caller = (service: string): Principal => ({ kind: 'service', arn: service, sourceArn: alarmArn });
  if (arn.includes(':sns:')) {
    const input = { TopicArn: arn, Subject: subject, Message: message };
    return cloud.call('sns', 'Publish', input, caller('cloudwatch.amazonaws.com'));
  }
  const input = { FunctionName: arn, InvocationType: 'Event', Payload: Buffer.from(event) };
  return cloud.call('lambda', 'Invoke', input, caller('lambda.alarms.cloudwatch.amazonaws.com'));
}
