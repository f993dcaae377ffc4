import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import { refuseUnknown } from '../../../requests/known-members.ts';
import { paginate } from '../../../requests/paginate.ts';
import { readTags, shownTags, withoutTags } from '../../../requests/tags.ts';
import type { Cloud, Operation } from '../../../service.ts';
import { invalidParameter } from '../errors.ts';
import type { SnsState, Topic } from '../state.ts';

const settable = ['DisplayName', 'Policy', 'DeliveryPolicy', 'KmsMasterKeyId', 'SignatureVersion', 'TracingConfig'];
export const pageSize = 100;

/** CreateTopic: the same name and attributes again give the topic that exists. */
export function createTopic(cloud: Cloud, state: SnsState): Operation {
  return async (input) => {
    refuseUnknown('sns:CreateTopic', input, ['Name', 'Attributes', 'Tags']);
    const name = String(input.Name ?? '');
    if (input.Attributes?.FifoTopic === 'true' || name.endsWith('.fifo'))
      throw new NotSupportedError('FIFO topics of SNS');
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw invalidParameter('Topic Name');
    const { FifoTopic: _, ...attributes } = (input.Attributes ?? {}) as Record<string, string>;
    for (const attribute of Object.keys(attributes)) checkAttribute(attribute);
    const arn = state.topicArn(name);
    const existing = state.findTopic(arn);
    if (existing) {
      const differs = Object.entries(attributes).some(([attribute, value]) => existing.attributes[attribute] !== value);
      if (differs) throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
      return { TopicArn: arn };
    }
    state.setTopic({
      arn,
      attributes: { Policy: defaultPolicy(arn, cloud.accountId), ...attributes },
      tags: readTags(input.Tags),
    });
    return { TopicArn: arn };
  };
}

/** Deleting a topic that is not there is no error. */
export function deleteTopic(state: SnsState): Operation {
  return async (input) => {
    state.deleteTopic(String(input.TopicArn));
    return {};
  };
}

export function listTopics(state: SnsState): Operation {
  return async (input) => {
    const { page, next: NextToken } = paginate(state.topics(), { token: input.NextToken, size: pageSize });
    return { Topics: page.map(({ arn }) => ({ TopicArn: arn })), NextToken };
  };
}

export function getTopicAttributes(cloud: Cloud, state: SnsState): Operation {
  return async (input) => {
    const topic = state.topic(input.TopicArn);
    const subscriptions = state.subscriptionsOf(topic.arn);
    const pending = subscriptions.filter((subscription) => subscription.token !== undefined).length;
    return {
      Attributes: {
        TopicArn: topic.arn,
        Owner: cloud.accountId,
        DisplayName: '',
        SubscriptionsConfirmed: String(subscriptions.length - pending),
        SubscriptionsPending: String(pending),
        SubscriptionsDeleted: '0',
        ...topic.attributes,
      },
    };
  };
}

/** SetTopicAttributes: an empty policy is the default one again. */
export function setTopicAttributes(cloud: Cloud, state: SnsState): Operation {
  return async (input) => {
    const topic = state.topic(input.TopicArn);
    checkAttribute(input.AttributeName);
    const value = input.AttributeValue ?? '';
    const attributes: Record<string, string> = { ...topic.attributes, [input.AttributeName]: value };
    if (input.AttributeName === 'Policy' && value === '') attributes.Policy = defaultPolicy(topic.arn, cloud.accountId);
    state.setTopic({ ...topic, attributes });
    return {};
  };
}

export function tagResource(state: SnsState): Operation {
  return async (input) => {
    const topic = tagged(state, input.ResourceArn);
    state.setTopic({ ...topic, tags: { ...topic.tags, ...readTags(input.Tags) } });
    return {};
  };
}

export function untagResource(state: SnsState): Operation {
  return async (input) => {
    const topic = tagged(state, input.ResourceArn);
    state.setTopic({ ...topic, tags: withoutTags(topic.tags, input.TagKeys) });
    return {};
  };
}

export function listTagsForResource(state: SnsState): Operation {
  return async (input) => ({
    Tags: shownTags(tagged(state, input.ResourceArn).tags),
  });
}

function tagged(state: SnsState, arn: string): Topic {
  const topic = state.findTopic(arn);
  if (!topic) throw new AwsError('ResourceNotFound', 'Resource does not exist', 404);
  return topic;
}

function checkAttribute(name: unknown): void {
  if (!settable.includes(String(name))) throw invalidParameter('AttributeName');
}

/** What a topic without a policy of its own has: its account may do everything with it. */
function defaultPolicy(arn: string, accountId: string): string {
  const verbs = ['GetTopicAttributes', 'SetTopicAttributes', 'AddPermission', 'RemovePermission', 'DeleteTopic'];
  const actions = [...verbs, 'Subscribe', 'ListSubscriptionsByTopic', 'Publish'].map((verb) => `SNS:${verb}`);
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: actions,
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': accountId } },
      },
    ],
  });
}
