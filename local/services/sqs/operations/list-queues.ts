import type { Operation } from '../../../service.ts';
import { invalidParameter, invalidValue } from '../errors.ts';
import type { Queue } from '../queue.ts';
import type { Queues } from '../queues.ts';

const mostResults = 1000;

export function listOperations(queues: Queues): Record<string, Operation> {
  return {
    ListQueues: async (input) => {
      const prefix = input.QueueNamePrefix ?? '';
      const { urls, NextToken } = page(
        queues,
        queues.all().filter(({ record }) => record.name.startsWith(prefix)),
        input,
      );
      return { ...(urls.length > 0 && { QueueUrls: urls }), ...(NextToken && { NextToken }) };
    },
    ListDeadLetterSourceQueues: async (input) => {
      const { urls, NextToken } = page(queues, queues.sourcesOf(queues.byUrl(input.QueueUrl)), input);
      return { queueUrls: urls, ...(NextToken && { NextToken }) };
    },
  };
}

/** Pages are given only to callers who ask for a number of results. */
function page(queues: Queues, found: readonly Queue[], { MaxResults, NextToken }: any) {
  if (MaxResults !== undefined && !(Number.isInteger(MaxResults) && MaxResults >= 1 && MaxResults <= mostResults)) {
    throw invalidValue(MaxResults, 'MaxResults', `Must be between 1 and ${mostResults}.`);
  }
  if (NextToken !== undefined && MaxResults === undefined)
    throw invalidParameter('MaxResults is a mandatory parameter when you provide a value for NextToken.');
  const after = NextToken === undefined ? '' : Buffer.from(NextToken, 'base64').toString();
  const names = found
    .map(({ record }) => record.name)
    .filter((name) => name > after)
    .sort();
  const given = names.slice(0, MaxResults ?? mostResults);
  return {
    urls: given.map((name) => queues.url(name)),
    ...(MaxResults !== undefined &&
      names.length > given.length && { NextToken: Buffer.from(given.at(-1)!).toString('base64') }),
  };
}
