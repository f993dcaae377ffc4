import type { Permission } from '../../service.ts';
import type { MoveTasks } from './move-tasks.ts';
import type { Queues } from './queues.ts';

/** Operations whose IAM action has another name. */
const actions: Readonly<Record<string, string>> = {
  SendMessageBatch: 'SendMessage',
  DeleteMessageBatch: 'DeleteMessage',
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
};

/** IAM action and queue ARN of a call, as AWS documents them. */
export function sqsPermissions(queues: Queues, tasks: MoveTasks, operation: string, input: any): Permission[] {
  const on = (resource: string): Permission[] => [{ action: `sqs:${actions[operation] ?? operation}`, resource }];
  if (operation === 'ListQueues') return on('*');
  if (input.QueueName !== undefined) return on(queues.arn(input.QueueName));
  if (operation === 'CancelMessageMoveTask') return on(tasks.find(input.TaskHandle)?.sourceArn ?? '*');
  if (operation === 'StartMessageMoveTask' && input.DestinationArn) {
    return [...on(input.SourceArn), { action: 'sqs:SendMessage', resource: input.DestinationArn }];
  }
  if (input.SourceArn !== undefined) return on(input.SourceArn);
  return on(
    queues.arn(
      String(input.QueueUrl ?? '')
        .split('/')
        .at(-1)!,
    ),
  );
}
