import { afterAll, expect, it } from 'vitest';
import type { LocalApp } from '../../../local/index.ts';
import { call, TemplateApps } from './template-app.ts';

const apps = new TemplateApps();
afterAll(() => apps.close());

/** An app whose stack has one inside, whose template is an asset named by its content. */
function write(child: object, key: string): string {
  const outer = {
    Resources: {
      Child: {
        Type: 'AWS::CloudFormation::Stack',
        Properties: {
          TemplateURL: {
            'Fn::Join': ['', ['https://s3.', { Ref: 'AWS::Region' }, `.amazonaws.com/assets/${key}.json`]],
          },
          Parameters: { Name: 'inner' },
        },
      },
      Mine: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Child', 'Outputs.QueueArn'] }, maxReceiveCount: 1 },
        },
      },
    },
    Outputs: { Inner: { Value: { 'Fn::GetAtt': ['Child', 'Outputs.QueueArn'] } } },
  };
  return apps.write({ S: outer }, { [`${key}.json`]: JSON.stringify(child) });
}

const child = (properties: object, rest: object = {}) => ({
  Parameters: { Name: { Type: 'String' } },
  Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'Name' }, ...properties } }, ...rest },
  Outputs: { QueueArn: { Value: { 'Fn::GetAtt': ['Queue', 'Arn'] } } },
});
const queues = async (app: LocalApp) =>
  ((await call(app, 'sqs', 'ListQueues')).QueueUrls ?? []).map((url: string) => url.split('/').at(-1)!.split('-')[0]);

it('makes, changes, goes back with and deletes a stack inside of a stack', async () => {
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const app = await apps.start({}, { cloudAssembly: write(child({}), 'one'), log });
  expect(app.stacks.S!.outputs.Inner).toMatch(/:inner$/);
  expect(app.stacks.S!.resources.Child!.ref).toMatch(/^arn:aws:cloudformation:.*:stack\/S-Child-/);

  const attributes = async () => {
    const QueueUrl = `${app.endpoint}/${app.cloud.accountId}/inner`;
    return (await call(app, 'sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] })).Attributes;
  };
  await app.redeploy(write(child({ VisibilityTimeout: 7 }), 'two'));
  expect((await attributes()).VisibilityTimeout).toBe('7');

  const bad = { Bad: { Type: 'AWS::SQS::Queue', DependsOn: 'Queue', Properties: { DelaySeconds: 99_999 } } };
  await expect(app.redeploy(write(child({ VisibilityTimeout: 9 }, bad), 'three'))).rejects.toThrow('/Bad: ');
  expect((await attributes()).VisibilityTimeout).toBe('7');

  expect(await queues(app)).toEqual(['S', 'inner']);
  lines.length = 0;
  await app.redeploy(apps.write({}));
  expect(await queues(app)).toEqual([]);
  expect(lines.join()).not.toContain('left as it is');
});
