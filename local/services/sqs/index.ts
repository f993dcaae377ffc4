import { jsonHttp } from '../../protocols/json.ts';
import type { Operation, Service, ServiceFactory } from '../../service.ts';
import { Deduplication } from './deduplication.ts';
import { queryErrorHeader } from './errors.ts';
import { queueGauges } from './gauges.ts';
import { checkParameters } from './known-parameters.ts';
import { MoveTasks } from './move-tasks.ts';
import { listOperations } from './operations/list-queues.ts';
import { messageOperations } from './operations/message-operations.ts';
import { moveTaskOperations } from './operations/move-tasks.ts';
import { queueOperations } from './operations/queue-operations.ts';
import { permissionOperations } from './operations/queue-permissions.ts';
import { sqsPermissions } from './permissions.ts';
import { QueueKeys } from './queue-keys.ts';
import { Queues } from './queues.ts';

/** Amazon SQS: standard and FIFO queues over the JSON protocol. */
export const createSqs: ServiceFactory = (cloud): Service => {
  const queues = new Queues(cloud);
  const tasks = new MoveTasks(queues);
  const keys = new QueueKeys(cloud);
  const operations = {
    ...queueOperations(queues),
    ...messageOperations(queues, new Deduplication(cloud), keys),
    ...listOperations(queues),
    ...moveTaskOperations(queues, tasks, keys),
    ...permissionOperations(queues),
  };
  return {
    name: 'sqs',
    operations: checked(operations),
    permissions: (operation, input) => sqsPermissions(queues, tasks, operation, input),
    http: jsonHttp(cloud, 'sqs', {
      version: '1.0',
      errorNamespace: 'com.amazonaws.sqs#',
      errorHeaders: queryErrorHeader,
    }),
    async start() {
      tasks.start();
    },
    async close() {
      tasks.close();
      queues.close();
    },
    gauges: () => queueGauges(queues),
  };
};

/** Every operation first refuses what it does not know. */
function checked(operations: Record<string, Operation>): Record<string, Operation> {
  const check = (name: string, operation: Operation): Operation => {
    return async (input, context) => {
      checkParameters(name, input);
      return operation(input, context);
    };
  };
  return Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, check(name, operation)]));
}
