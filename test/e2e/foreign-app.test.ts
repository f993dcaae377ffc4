import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { rootCredentials } from '../../local/iam/credentials.ts';
import { type LocalApp, startLocal } from '../../local/index.ts';
import { synthesizeForeignApp } from '../fixtures/foreign-app/app.ts';

const folder = mkdtempSync(join(tmpdir(), 'foreign-app-'));
let app: LocalApp;
let clients: { s3: S3Client; sqs: SQSClient; table: DynamoDBClient; states: SFNClient };

beforeAll(async () => {
  // CDK's own validation of templates takes as long as the rest of synthesis.
  vi.stubEnv('CDK_VALIDATION', 'false');
  const cloudAssembly = synthesizeForeignApp(join(folder, 'cdk.out'));
  app = await startLocal({ cloudAssembly });
  const config = { endpoint: app.endpoint, region: app.cloud.region, credentials: rootCredentials };
  clients = {
    s3: new S3Client(config),
    sqs: new SQSClient(config),
    table: new DynamoDBClient(config),
    states: new SFNClient(config),
  };
}, 60_000);

afterAll(async () => {
  for (const client of Object.values(clients ?? {})) client.destroy();
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('runs an app that knows nothing of Penstock: object, rule, state machine, functions, row, API', {
  timeout: 30_000,
}, async () => {
  const { InboxName, CopiesUrl, FlowArn } = app.stacks.ForeignFlow!.outputs;
  const { RowsName } = app.stacks.ForeignStorage!.outputs;
  const key = 'letters/first one.txt';
  await clients.s3.send(new PutObjectCommand({ Bucket: InboxName, Key: key, Body: 'dear reader' }));

  const { Messages } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl: CopiesUrl, WaitTimeSeconds: 5 }));
  expect(JSON.parse(Messages![0]!.Body!).detail.object).toMatchObject({ key, size: 11 });

  const execution = await finishedExecution(clients.states, FlowArn!);
  expect(execution).toMatchObject({ status: 'SUCCEEDED' });
  const row = { key: { S: key.toUpperCase() } };
  const { Item } = await clients.table.send(new GetItemCommand({ TableName: RowsName, Key: row }));
  expect(Item).toEqual({ ...row, bucket: { S: InboxName }, size: { N: '11' } });

  const read = (name: string) => fetch(app.stacks.ForeignFlow!.outputs.RowsUrl + encodeURI(name));
  expect(await (await read(key.toUpperCase())).json()).toEqual({ key: key.toUpperCase(), size: 11 });
  expect((await read('nothing')).status).toBe(404);
});

it('says what each role used, and that none was denied anything', () => {
  const report = app.cloud.authorizer.accessReport();
  expect(report.flatMap(({ denied }) => denied)).toEqual([]);
  const roleOf = (name: string) => report.find(({ role }) => role.includes(name))!;
  expect(roleOf('WriteRowServiceRole').used.map(({ action }) => action)).toContain('dynamodb:PutItem');
  expect(roleOf('WriteRowServiceRole').neverUsed.map(({ action }) => action)).toContain('dynamodb:DeleteItem');
  expect(roleOf('FlowRole').used).toContainEqual(
    expect.objectContaining({ action: 'lambda:InvokeFunction', calls: 2 }),
  );
});

it('fails where the template lacks a permission, as it would on AWS', { timeout: 30_000 }, async () => {
  const cloudAssembly = join(folder, 'without-permission');
  cpSync(join(folder, 'cdk.out'), cloudAssembly, { recursive: true });
  const file = join(cloudAssembly, 'ForeignFlow.template.json');
  const template = JSON.parse(readFileSync(file, 'utf8'));
  const [policy] = Object.keys(template.Resources).filter((id) => id.startsWith('WriteRowServiceRoleDefaultPolicy'));
  template.Resources[policy!].Properties.PolicyDocument.Statement[0].Action = ['dynamodb:DescribeTable'];
  writeFileSync(file, JSON.stringify(template));

  const other = await startLocal({ cloudAssembly });
  const states = new SFNClient({ endpoint: other.endpoint, region: other.cloud.region, credentials: rootCredentials });
  try {
    const { InboxName, FlowArn } = other.stacks.ForeignFlow!.outputs;
    const detail = { bucket: { name: InboxName }, object: { key: 'k', size: 1 } };
    const { executionArn } = await states.send(
      new StartExecutionCommand({ stateMachineArn: FlowArn, input: JSON.stringify({ detail }) }),
    );
    const failed = await finishedExecution(states, FlowArn!);
    expect(failed).toMatchObject({ executionArn, status: 'FAILED', error: 'AccessDeniedException' });
    expect(failed.cause).toContain('is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:');
  } finally {
    states.destroy();
    await other.close();
  }
});

/** Function processes run in real time, so the test asks until the execution has ended. */
async function finishedExecution(states: SFNClient, stateMachineArn: string) {
  for (;;) {
    const { executions = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn }));
    if (executions[0] && executions[0].status !== 'RUNNING') {
      const { executionArn } = executions[0];
      return states.send(new DescribeExecutionCommand({ executionArn }));
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
