import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ManualClock } from '../../../local/clocks/manual.ts';
import type { LocalApp } from '../../../local/index.ts';
import { TemplateApps } from '../provisioning/template-app.ts';

const apps = new TemplateApps();
let app: LocalApp<ManualClock>;

const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
    },
    Policies: [
      {
        PolicyName: 'p',
        PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['sqs:*', 'logs:*'], Resource: '*' }] },
      },
    ],
  },
};
/** Ends without an answer; the one named by `later` comes by way of a queue, a minute after it was asked for. */
const provider = {
  Type: 'AWS::Lambda::Function',
  Properties: {
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role: arn('Role'),
    Code: {
      ZipFile: `
        const { SQS } = require('@aws-sdk/client-sqs');
        const { send } = require('cfn-response');
        exports.handler = async (event, context) => {
          if (event.Records) return send(JSON.parse(event.Records[0].body), context, 'SUCCESS', {}, 'at last');
          const { later: QueueUrl } = event.ResourceProperties;
          if (QueueUrl) await new SQS().sendMessage({ QueueUrl, DelaySeconds: 60, MessageBody: JSON.stringify(event) });
        };`,
    },
  },
};
const template = (properties: object) => ({
  Resources: {
    Role: role,
    Provider: provider,
    Queue: { Type: 'AWS::SQS::Queue' },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { FunctionName: { Ref: 'Provider' }, EventSourceArn: arn('Queue') },
    },
    Slow: { Type: 'Custom::Slow', DependsOn: 'Mapping', Properties: { ServiceToken: arn('Provider'), ...properties } },
  },
  Outputs: { Id: { Value: { Ref: 'Slow' } } },
});

beforeAll(async () => {
  app = (await apps.start({ S: template({ later: { Ref: 'Queue' } }) }, { clock: 'manual' })) as typeof app;
});
afterAll(() => apps.close());

it('gives an answer that has to wait for time its time, on a clock that nobody else can move yet', async () => {
  expect(app.stacks.S!.outputs).toEqual({ Id: 'at last' });
});

it('fails when the answer has not come in time, without that time going by on the machine', async () => {
  const asked = app.clock.now();
  await expect(app.redeploy(apps.write({ S: template({}) }))).rejects.toThrow(
    'S/Slow: the custom resource did not answer within 3600 seconds',
  );
  expect(app.clock.now() - asked).toBeGreaterThanOrEqual(3_600_000);
  expect(app.stacks.S!.outputs).toEqual({ Id: 'at last' });
});

it('lets time stand again afterwards', async () => {
  const before = app.clock.now();
  await app.redeploy(apps.write({ S: template({ later: { Ref: 'Queue' }, more: 1 }) }));
  const after = app.clock.now();
  expect(after - before).toBeGreaterThanOrEqual(60_000);
  expect(after - before).toBeLessThan(70_000);
});

it('is refused with a ServiceTimeout that CloudFormation does not know', async () => {
  const failing = apps.start({ T: template({ ServiceTimeout: '2 hours' }) });
  await expect(failing).rejects.toThrow('ServiceTimeout is "2 hours"; allowed are whole seconds from 1 to 3600');
});

it('fails as fast where the clock skips waiting', async () => {
  await expect(apps.start({ T: template({ ServiceTimeout: 1800 }) }, { clock: 'fast-forward' })).rejects.toThrow(
    'did not answer within 1800 seconds',
  );
});
