import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import type { StepFunctionsCore } from '../core.ts';
import { validArn } from '../valid-arn.ts';

const mostTags = 50;

export const tagResource =
  (core: StepFunctionsCore): Operation =>
  async ({ resourceArn, tags }) => {
    const own = taggable(core, resourceArn);
    const all = {
      ...own.tags,
      ...Object.fromEntries(tags.map((tag: { key: string; value: string }) => [tag.key, tag.value])),
    };
    if (Object.keys(all).length > mostTags) throw new AwsError('TooManyTags', `Too Many Tags: '${resourceArn}'`);
    own.set(all);
    return {};
  };

export const untagResource =
  (core: StepFunctionsCore): Operation =>
  async ({ resourceArn, tagKeys }) => {
    const own = taggable(core, resourceArn);
    own.set(Object.fromEntries(Object.entries(own.tags).filter(([key]) => !tagKeys.includes(key))));
    return {};
  };

export const listTagsForResource =
  (core: StepFunctionsCore): Operation =>
  async ({ resourceArn }) => {
    const { tags } = taggable(core, resourceArn);
    return { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) };
  };

interface Taggable {
  readonly tags: Readonly<Record<string, string>>;
  set(tags: Record<string, string>): void;
}

/** Machines and activities have tags; versions and aliases have not. */
function taggable({ machines, activities }: StepFunctionsCore, arn: string): Taggable {
  validArn(arn, 'stateMachine', 'activity');
  const machine = machines.get(arn);
  if (machine) return { tags: machine.tags, set: (tags) => machines.set(arn, { ...machine, tags }) };
  const activity = activities.records.get(arn);
  if (activity) return { tags: activity.tags, set: (tags) => activities.records.set(arn, { ...activity, tags }) };
  throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`);
}
