import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { LocalApp } from '../../../local/index.ts';
import { call, TemplateApps } from '../provisioning/template-app.ts';

const apps = new TemplateApps();
afterAll(() => apps.close());

const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const queue = { Type: 'AWS::SQS::Queue' };
const topic = (endpoints: string[], Properties: object = {}) => ({
  Type: 'AWS::SNS::Topic',
  Properties: { ...Properties, Subscription: endpoints.map((id) => ({ Protocol: 'sqs', Endpoint: arn(id) })) },
});
const open = {
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues: [{ Ref: 'A' }],
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sqs:SendMessage',
          Principal: { Service: 'sns.amazonaws.com' },
          Resource: arn('A'),
          Condition: { ArnEquals: { 'aws:SourceArn': { Ref: 'Topic' } } },
        },
      ],
    },
  },
};

const endpoints = async (app: LocalApp) => {
  const { Subscriptions } = await call(app, 'sns', 'ListSubscriptionsByTopic', {
    TopicArn: app.stacks.S!.resources.Topic!.ref,
  });
  return Subscriptions.map(({ Endpoint }: any) => /:S-(\w)-/.exec(Endpoint)?.[1]).sort();
};

it('subscribes what a topic lists, and follows the list', async () => {
  const dataFolder = join(apps.folder, 'topic');
  const first = await apps.start(
    { S: { Resources: { A: queue, B: queue, Topic: topic(['A', 'B']), Open: open } } },
    { dataFolder },
  );
  const { ref: TopicArn } = first.stacks.S!.resources.Topic!;
  expect(await endpoints(first)).toEqual(['A', 'B']);
  await call(first, 'sns', 'Publish', { TopicArn, Message: 'hello' });
  const { ref: QueueUrl } = first.stacks.S!.resources.A!;
  const { Messages } = await call(first, 'sqs', 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 2 });
  expect(JSON.parse(Messages[0].Body)).toMatchObject({ Message: 'hello' });
  await apps.stop(first);
  const changed = { A: queue, B: queue, Topic: topic(['B'], { DisplayName: 'News' }), Open: open };
  const second = await apps.start({ S: { Resources: changed } }, { dataFolder });
  expect(await endpoints(second)).toEqual(['B']);
  expect((await call(second, 'sns', 'GetTopicAttributes', { TopicArn })).Attributes.DisplayName).toBe('News');
  await apps.stop(second);
});

it('gives a topic its policy and a subscription its settings, and takes both back', async () => {
  const dataFolder = join(apps.folder, 'policy');
  const publisher = {
    Effect: 'Allow',
    Action: 'sns:Publish',
    Principal: { Service: 'events.amazonaws.com' },
    Resource: '*',
  };
  const Policy = {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: { Topics: [{ Ref: 'Topic' }], PolicyDocument: { Statement: [publisher] } },
  };
  const subscription = (settings: object) => ({
    Type: 'AWS::SNS::Subscription',
    Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'sqs', Endpoint: arn('A'), ...settings },
  });
  const filtered = { RawMessageDelivery: true, FilterPolicy: { kind: ['x'] } };
  const Topic = topic([]);
  const first = await apps.start(
    { S: { Resources: { A: queue, Topic, Policy, Sub: subscription(filtered) } } },
    { dataFolder },
  );
  const { ref: TopicArn } = first.stacks.S!.resources.Topic!;
  const publish = (app: LocalApp) =>
    app.cloud.call('sns', 'Publish', { TopicArn, Message: 'x' }, { kind: 'service', arn: 'events.amazonaws.com' });
  await expect(publish(first)).resolves.toHaveProperty('MessageId');
  const attributes = async (app: LocalApp) => {
    const SubscriptionArn = app.stacks.S!.resources.Sub!.ref;
    return (await call(app, 'sns', 'GetSubscriptionAttributes', { SubscriptionArn })).Attributes;
  };
  expect(await attributes(first)).toMatchObject({ RawMessageDelivery: 'true', FilterPolicy: '{"kind":["x"]}' });
  await apps.stop(first);
  const second = await apps.start({ S: { Resources: { A: queue, Topic, Sub: subscription({}) } } }, { dataFolder });
  await expect(publish(second)).rejects.toThrow('not authorized');
  expect(await attributes(second)).toMatchObject({ RawMessageDelivery: 'false' });
  await apps.stop(second);
});
