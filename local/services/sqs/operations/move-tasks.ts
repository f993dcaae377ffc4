import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import { invalidValue } from '../errors.ts';
import type { MoveTask, MoveTasks } from '../move-tasks.ts';
import type { Queue } from '../queue.ts';
import type { QueueKeys } from '../queue-keys.ts';
import type { Queues } from '../queues.ts';

export function moveTaskOperations(queues: Queues, tasks: MoveTasks, keys: QueueKeys): Record<string, Operation> {
  return {
    StartMessageMoveTask: async (input, context) => {
      const source = existing(queues, input.SourceArn);
      if (queues.sourcesOf(source).length === 0) {
        throw new AwsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
      }
      const destination =
        input.DestinationArn === undefined ? undefined : existing(queues, input.DestinationArn, 'DestinationArn');
      const perSecond = input.MaxNumberOfMessagesPerSecond;
      if (perSecond !== undefined && !(Number.isInteger(perSecond) && perSecond >= 1 && perSecond <= 500)) {
        throw invalidValue(perSecond, 'MaxNumberOfMessagesPerSecond', 'Must be between 1 and 500.');
      }
      await keys.checkReceiver(source, context);
      if (destination) await keys.checkSender(destination, context);
      return { TaskHandle: tasks.begin(source, input.DestinationArn, perSecond).handle };
    },
    ListMessageMoveTasks: async (input) => {
      const limit = input.MaxResults ?? 1;
      if (!Number.isInteger(limit) || limit < 1 || limit > 10)
        throw invalidValue(limit, 'MaxResults', 'Must be between 1 and 10.');
      return { Results: tasks.of(existing(queues, input.SourceArn)).slice(0, limit).map(described) };
    },
    CancelMessageMoveTask: async (input) => ({
      ApproximateNumberOfMessagesMoved: tasks.cancel(input.TaskHandle).moved,
    }),
  };
}

function existing(queues: Queues, arn: unknown, parameter = 'SourceArn'): Queue {
  const queue = queues.byArn(String(arn));
  if (!queue)
    throw new AwsError(
      'ResourceNotFoundException',
      `The resource that you specified for the ${parameter} parameter doesn't exist.`,
      404,
    );
  return queue;
}

function described(task: MoveTask) {
  return {
    // Only a task that can still be cancelled has a handle.
    ...(task.status === 'RUNNING' && { TaskHandle: task.handle }),
    Status: task.status,
    SourceArn: task.sourceArn,
    ...(task.destinationArn !== undefined && { DestinationArn: task.destinationArn }),
    ...(task.perSecond !== undefined && { MaxNumberOfMessagesPerSecond: task.perSecond }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.failure !== undefined && { FailureReason: task.failure }),
    StartedTimestamp: task.startedAt,
  };
}
