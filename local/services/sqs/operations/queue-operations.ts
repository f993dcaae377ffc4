import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import { invalidParameter, queueDoesNotExist } from '../errors.ts';
import type { Queues } from '../queues.ts';
import { createQueue } from './create-queue.ts';
import { getQueueAttributes } from './get-queue-attributes.ts';
import { setQueueAttributes } from './set-queue-attributes.ts';

const purgeMilliseconds = 60_000;
const mostTags = 50;

/** The life of queues, their attributes and tags. */
export function queueOperations(queues: Queues): Record<string, Operation> {
  return {
    CreateQueue: async (input) => ({ QueueUrl: queues.url(createQueue(queues, input).record.name) }),
    DeleteQueue: async (input, { principal }) => {
      const queue = queues.byUrl(input.QueueUrl);
      queues.delete(queue);
      // CloudFormation calls a queue deleted when its name is free: on AWS that is a minute that deployments wait.
      if (principal.via !== 'cloudformation') queues.takeName(queue.record.name);
    },
    GetQueueUrl: async (input) => {
      const { accountId } = queues.cloud;
      const queue = queues.byName(input.QueueName);
      if (!queue || (input.QueueOwnerAWSAccountId ?? accountId) !== accountId) throw queueDoesNotExist();
      return { QueueUrl: queues.url(queue.record.name) };
    },
    GetQueueAttributes: async (input) => {
      const Attributes = getQueueAttributes(queues.byUrl(input.QueueUrl), input.AttributeNames);
      return Attributes ? { Attributes } : {};
    },
    SetQueueAttributes: async (input) =>
      setQueueAttributes(queues, queues.byUrl(input.QueueUrl), input.Attributes ?? {}),
    PurgeQueue: async (input) => {
      const queue = queues.byUrl(input.QueueUrl);
      const now = queues.cloud.clock.now();
      if (now - (queue.record.purgedAt ?? Number.NEGATIVE_INFINITY) < purgeMilliseconds) {
        throw new AwsError(
          'PurgeQueueInProgress',
          `Only one PurgeQueue operation on ${queue.record.name} is allowed every 60 seconds.`,
          403,
        );
      }
      queues.change(queue, { purgedAt: now });
      queue.purge();
    },
    ListQueueTags: async (input) => {
      const { tags } = queues.byUrl(input.QueueUrl).record;
      return Object.keys(tags).length === 0 ? {} : { Tags: tags };
    },
    TagQueue: async (input) => {
      const queue = queues.byUrl(input.QueueUrl);
      const tags = { ...queue.record.tags, ...input.Tags };
      if (Object.keys(tags).length > mostTags)
        throw invalidParameter(`Too many tags added for queue ${queue.record.name}.`);
      queues.change(queue, { tags });
    },
    UntagQueue: async (input) => {
      const queue = queues.byUrl(input.QueueUrl);
      const gone = new Set<string>(input.TagKeys ?? []);
      queues.change(queue, {
        tags: Object.fromEntries(Object.entries(queue.record.tags).filter(([key]) => !gone.has(key))),
      });
    },
  };
}
