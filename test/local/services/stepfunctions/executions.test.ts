import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeS3, fakeService, role, type Started, startCloud } from './cloud-with-fakes.ts';

const open: Started[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const started of open.splice(0)) await started.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function start(options: Parameters<typeof startCloud>[0]): Promise<Started> {
  const started = await startCloud(options);
  open.push(started);
  return started;
}

async function create({ client }: Started, definition: object): Promise<string> {
  const created = await client.send(
    new CreateStateMachineCommand({ name: 'machine', roleArn: role, definition: JSON.stringify(definition) }),
  );
  return created.stateMachineArn!;
}

async function settled({ client }: Started, executionArn: string) {
  for (;;) {
    const described = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (described.status !== 'RUNNING') return described;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const callbackOverChunks = {
  QueryLanguage: 'JSONata',
  StartAt: 'Process',
  States: {
    Process: {
      Type: 'Map',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSONL' },
        Arguments: { Bucket: 'lake', Key: '{% $states.input.manifest %}' },
      },
      ItemSelector: { chunk: '{% $states.context.Map.Item.Value.key %}', run: '{% $states.input.run %}' },
      MaxConcurrency: 2,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Send',
        States: {
          Send: {
            Type: 'Task',
            Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
            Arguments: {
              QueueUrl: 'queue',
              MessageBody: { chunk: '{% $states.input.chunk %}', token: '{% $states.context.Task.Token %}' },
            },
            End: true,
          },
        },
      },
      ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'lake', Prefix: 'results' } },
      Output: '{% $states.result.ResultWriterDetails.Key %}',
      End: true,
    },
  },
};

describe('an execution', () => {
  it('runs a distributed Map of callback tasks and writes their results', async () => {
    const objects = new Map([['lake/manifest.jsonl', '{"key":"a"}\n{"key":"b"}\n{"key":"c"}\n']]);
    const messages: { chunk: string; token: string }[] = [];
    const sqs = fakeService('sqs', {
      async SendMessage({ MessageBody }) {
        messages.push(JSON.parse(MessageBody));
        return { MessageId: '1', MD5OfMessageBody: 'x' };
      },
    });
    const started = await start({ services: [fakeS3(objects), sqs] });
    const { client } = started;
    const stateMachineArn = await create(started, callbackOverChunks);
    const input = JSON.stringify({ manifest: 'manifest.jsonl', run: 'r1' });
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, name: 'one', input }));
    let answered = 0;
    while (answered < 3) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      for (const message of messages.splice(0)) {
        await client.send(
          new SendTaskSuccessCommand({ taskToken: message.token, output: JSON.stringify({ done: message.chunk }) }),
        );
        answered++;
      }
    }
    const described = await settled(started, executionArn!);
    expect(described.status).toBe('SUCCEEDED');
    const manifest = JSON.parse(objects.get(`lake/${JSON.parse(described.output!)}`)!);
    const results = JSON.parse(objects.get(`lake/${manifest.ResultFiles.SUCCEEDED[0].Key}`)!);
    expect(results.map((result: { Output: string }) => JSON.parse(result.Output).done)).toEqual(['a', 'b', 'c']);
    const { mapRuns } = await client.send(new ListMapRunsCommand({ executionArn }));
    const run = await client.send(new DescribeMapRunCommand({ mapRunArn: mapRuns![0]!.mapRunArn }));
    expect(run.itemCounts).toMatchObject({ total: 3, succeeded: 3 });
    const children = await client.send(new ListExecutionsCommand({ mapRunArn: run.mapRunArn }));
    expect(children.executions).toHaveLength(3);
    const history = await client.send(
      new GetExecutionHistoryCommand({ executionArn: children.executions![0]!.executionArn }),
    );
    expect(history.events!.map((event) => event.type)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('goes on after a restart, its open tokens still good and finished children not run again', async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'penstock-states-'));
    folders.push(dataFolder);
    const objects = new Map([['lake/manifest.jsonl', '{"key":"a"}\n{"key":"b"}\n']]);
    const messages: { chunk: string; token: string }[] = [];
    const sqs = fakeService('sqs', {
      async SendMessage({ MessageBody }) {
        messages.push(JSON.parse(MessageBody));
        return { MessageId: '1', MD5OfMessageBody: 'x' };
      },
    });
    const first = await startCloud({ services: [fakeS3(objects), sqs], dataFolder });
    const stateMachineArn = await create(first, callbackOverChunks);
    const input = JSON.stringify({ manifest: 'manifest.jsonl', run: 'r1' });
    const { executionArn } = await first.client.send(new StartExecutionCommand({ stateMachineArn, input }));
    while (messages.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await first.client.send(new SendTaskSuccessCommand({ taskToken: messages[0]!.token, output: '{"done":"a"}' }));
    await first.stop();

    const second = await start({ services: [fakeS3(objects), sqs], dataFolder });
    await second.client.send(new SendTaskSuccessCommand({ taskToken: messages[1]!.token, output: '{"done":"b"}' }));
    const described = await settled(second, executionArn!);
    expect(described.status).toBe('SUCCEEDED');
    expect(messages).toHaveLength(2);
    const history = await second.client.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(history.events!.map((event) => event.type)).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapRunStarted',
      'MapRunSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('is the same execution when started again by name and input, and refused with another input', async () => {
    const started = await start({});
    const { client } = started;
    const wait = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 60, End: true } } };
    const stateMachineArn = await create(started, wait);
    const first = await client.send(new StartExecutionCommand({ stateMachineArn, name: 'once', input: '{}' }));
    const second = await client.send(new StartExecutionCommand({ stateMachineArn, name: 'once', input: '{}' }));
    expect(second.executionArn).toBe(first.executionArn);
    const other = client.send(new StartExecutionCommand({ stateMachineArn, name: 'once', input: '{"a":1}' }));
    await expect(other).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await client.send(new StopExecutionCommand({ executionArn: first.executionArn, error: 'E', cause: 'C' }));
    const described = await settled(started, first.executionArn!);
    expect(described).toMatchObject({ status: 'ABORTED', error: 'E', cause: 'C' });
  });
});
