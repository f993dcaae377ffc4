import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  type CreateFunctionCommandInput,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../../../../lib/core/clock.ts';
import { LocalCloud } from '../../../../local/cloud.ts';
import { root } from '../../../../local/iam/authorizer.ts';
import { rootCredentials } from '../../../../local/iam/credentials.ts';
import type { ServiceFactory } from '../../../../local/service.ts';
import { createIam } from '../../../../local/services/iam/index.ts';
import { createLambda } from '../../../../local/services/lambda/index.ts';
import type { LambdaOptions } from '../../../../local/services/lambda/lambda-options.ts';
import { createLogs } from '../../../../local/services/logs/index.ts';
import { createSqs } from '../../../../local/services/sqs/index.ts';

export const role = 'arn:aws:iam::000000000000:role/worker';

export interface LambdaCloudOptions extends LambdaOptions {
  readonly clock?: Clock;
  readonly dataFolder?: string;
  /** Whether roles are held to their policies. Default: false, everybody may do everything. */
  readonly iam?: boolean;
  /** Services beside Lambda, Logs and SQS. */
  readonly further?: readonly ServiceFactory[];
}

/** Lambda, Logs and SQS with the SDK's clients, and folders of code that are gone at the end. */
export async function lambdaCloud({ clock, dataFolder, iam, further = [], ...options }: LambdaCloudOptions = {}) {
  const services: ServiceFactory[] = [...further, createSqs, createLogs, (cloud) => createLambda(cloud, options)];
  if (iam) services.push(createIam);
  const cloud = await LocalCloud.start({ services, clock, dataFolder });
  const access = {
    endpoint: cloud.endpoint,
    region: cloud.region,
    credentials: rootCredentials,
    maxAttempts: 1,
  };
  const client = new LambdaClient(access);
  const sqs = new SQSClient(access);
  const logs = new CloudWatchLogsClient(access);
  // Functions that outlive a restart need their code there still: it lies beside the data, and goes with it.
  const code = mkdtempSync(join(dataFolder ? dirname(dataFolder) : tmpdir(), 'lambda-test-'));
  let folders = 0;

  /** Writes files into a folder of their own. */
  function folder(files: Record<string, string>): string {
    const path = join(code, String(folders++));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), text);
    }
    return path;
  }

  /** Creates a function that runs from a folder; a text is its `index.js`, and the body of its handler. */
  async function deploy(
    FunctionName: string,
    source: string | Record<string, string>,
    settings: Partial<CreateFunctionCommandInput> = {},
  ): Promise<any> {
    const files =
      typeof source === 'string'
        ? { 'index.js': `exports.handler = async (event, context) => { ${source} };` }
        : source;
    const input = {
      FunctionName,
      Role: role,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { LocalPath: folder(files) },
      ...settings,
    };
    return cloud.call('lambda', 'CreateFunction', input, root(cloud.accountId));
  }

  /** `source` makes a handler tell that it has started, and wait until it may go on. */
  function gate() {
    const path = folder({ gate: '' });
    const [started, open] = [join(path, 'started'), join(path, 'open')];
    const source = `const gate = require('fs'); gate.writeFileSync(${JSON.stringify(started)}, '');
      while (!gate.existsSync(${JSON.stringify(open)})) await new Promise((resolve) => setTimeout(resolve, 5));`;
    return {
      source,
      started: () => eventually(() => existsSync(started)),
      open: () => writeFileSync(open, ''),
    };
  }

  /** Invokes through the SDK; the payload comes back parsed. */
  async function invoke(FunctionName: string, payload?: unknown, options: Partial<InvokeCommandInput> = {}) {
    const Payload = payload === undefined ? undefined : JSON.stringify(payload);
    const output = await client.send(new InvokeCommand({ FunctionName, Payload, ...options }));
    const text = Buffer.from(output.Payload ?? []).toString('utf8');
    return {
      ...output,
      result: text === '' ? undefined : JSON.parse(text),
      log: Buffer.from(output.LogResult ?? '', 'base64').toString('utf8'),
    };
  }

  async function messages(name: string, filterPattern?: string, logGroupName = `/aws/lambda/${name}`) {
    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern }));
    return events!.map(({ message }) => message!);
  }

  return {
    cloud,
    client,
    sqs,
    logs,
    folder,
    gate,
    deploy,
    invoke,
    messages,
    call: (operation: string, input: object, service = 'lambda') =>
      cloud.call(service, operation, input, root(cloud.accountId)),
    async close() {
      await cloud.close();
      for (const each of [client, sqs, logs]) each.destroy();
      if (!dataFolder) rmSync(code, { recursive: true, force: true });
    },
  };
}

export type LambdaCloud = Awaited<ReturnType<typeof lambdaCloud>>;

/** Whether a process still runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Resolves once `condition` holds; asks every few milliseconds of real time, because processes live in it. */
export async function eventually(condition: () => boolean | Promise<boolean>, milliseconds = 5000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
