import type { JsonObject } from '../json.ts';
import { StatesError } from '../states-error.ts';
import type { Integration } from './integration.ts';

/** `arn:aws:states:::events:putEvents`: details are sent as JSON; an entry that is refused fails the task. */
export const events: Integration = {
  errorPrefix: 'EventBridge',
  serviceName: 'AmazonEventBridge',
  async call(task, caller) {
    const { Entries, ...rest } = task.parameters;
    const { arn, machineArn } = caller.execution;
    const entries = Entries?.map(({ Detail, Resources, ...entry }: JsonObject) => ({
      ...entry,
      Resources: [...(Resources ?? []), machineArn, arn],
      ...(Detail === undefined ? {} : { Detail: typeof Detail === 'string' ? Detail : JSON.stringify(Detail) }),
    }));
    const output = await caller.call('events', 'PutEvents', { ...rest, Entries: entries });
    if (output.FailedEntryCount > 0) {
      throw new StatesError('EventBridge.FailedEntry', JSON.stringify(output), { fromTask: true });
    }
    return { output };
  },
};
