import { CreateEventBusCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EventBridgeBroadcast } from '../../lib/aws/eventbridge-broadcast.ts';
import { cloudEvent } from '../../lib/runtime/events/cloud-event.ts';
import { createEvents } from '../../local/services/events/index.ts';
import { createSqs } from '../../local/services/sqs/index.ts';
import { type LocalAws, startLocalAws } from './local-aws.ts';

let aws: LocalAws;
let sqs: SQSClient;
beforeAll(async () => {
  aws = await startLocalAws([createEvents, createSqs]);
  sqs = new SQSClient({
    endpoint: aws.cloud.endpoint,
    region: aws.cloud.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});
afterAll(async () => {
  sqs.destroy();
  await aws.stop();
});

test('an event reaches those who listen, without the record where that is too large', async () => {
  const EventBusName = 'penstock';
  await aws.events.send(new CreateEventBusCommand({ Name: EventBusName }));
  const policy = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: '*' },
    ],
  };
  const Attributes = { Policy: JSON.stringify(policy) };
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'listener', Attributes }));
  const EventPattern = JSON.stringify({ source: ['penstock'], 'detail-type': ['PipelineStarted'] });
  await aws.events.send(new PutRuleCommand({ Name: 'all', EventBusName, EventPattern }));
  const Arn = `arn:aws:sqs:${aws.cloud.region}:${aws.cloud.accountId}:listener`;
  await aws.events.send(new PutTargetsCommand({ Rule: 'all', EventBusName, Targets: [{ Id: 'queue', Arn }] }));

  const at = Date.UTC(2026, 0, 1);
  const event = {
    type: 'PipelineStarted',
    pipeline: 'orders',
    run: 'orders-1',
    at,
    detail: { planDigest: 'd', sequence: 2, trigger: 'manual', record: { run: 'orders-1', much: 'x'.repeat(300_000) } },
  } as const;
  const others = Array.from({ length: 12 }, () => cloudEvent({ ...event, type: 'PipelineFailed' }));
  await new EventBridgeBroadcast(aws.events, EventBusName).send([...others, cloudEvent(event)]);

  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
  expect(JSON.parse(Messages![0]!.Body!)).toMatchObject({
    source: 'penstock',
    'detail-type': 'PipelineStarted',
    time: '2026-01-01T00:00:00Z',
    detail: {
      specversion: '1.0',
      id: 'orders-1.2.PipelineStarted',
      source: '/penstock/orders',
      pipeline: 'orders',
      run: 'orders-1',
      data: { planDigest: 'd', sequence: 2, trigger: 'manual' },
    },
  });
});
