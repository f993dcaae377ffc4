/** A distributed Map of `node bench/local/distributed-map-work.ts <children>` in a process of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalCloud } from '../../local/cloud.ts';
import { root } from '../../local/iam/principals.ts';
import { createIam } from '../../local/services/iam/index.ts';
import { createS3 } from '../../local/services/s3/index.ts';
import { createStepFunctions } from '../../local/services/stepfunctions/index.ts';

const children = Number(process.argv[2]);
const dataFolder = mkdtempSync(join(tmpdir(), 'penstock-bench-map-'));
const cloud = await LocalCloud.start({ services: [createIam, createS3, createStepFunctions], dataFolder });
const call = (service: string, operation: string, input: object) =>
  cloud.call(service, operation, input, root(cloud.accountId));

const definition = {
  StartAt: 'Each',
  States: {
    Each: {
      Type: 'Map',
      MaxConcurrency: 100,
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSON' },
        Parameters: { Bucket: 'bench', Key: 'items.json' },
      },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'One',
        States: {
          One: { Type: 'Pass', Parameters: { 'n.$': '$.n' }, Next: 'Done' },
          Done: { Type: 'Succeed' },
        },
      },
      ResultWriter: {
        Resource: 'arn:aws:states:::s3:putObject',
        Parameters: { Bucket: 'bench', Prefix: 'results' },
      },
      End: true,
    },
  },
};
const statement = (extra: object) => JSON.stringify({ Statement: [{ Effect: 'Allow', ...extra }] });

try {
  await call('s3', 'CreateBucket', { Bucket: 'bench' });
  const items = JSON.stringify(Array.from({ length: children }, (_, n) => ({ n })));
  await call('s3', 'PutObject', { Bucket: 'bench', Key: 'items.json', Body: items });
  const trust = statement({ Action: 'sts:AssumeRole', Principal: { Service: 'states.amazonaws.com' } });
  const { Role } = await call('iam', 'CreateRole', { RoleName: 'bench', AssumeRolePolicyDocument: trust });
  const PolicyDocument = statement({ Action: ['s3:*', 'states:*'], Resource: '*' });
  await call('iam', 'PutRolePolicy', { RoleName: 'bench', PolicyName: 'all', PolicyDocument });
  const machine = { name: 'bench', roleArn: Role.Arn, definition: JSON.stringify(definition) };
  const { stateMachineArn } = await call('states', 'CreateStateMachine', machine);
  const start = performance.now();
  const { executionArn } = await call('states', 'StartExecution', { stateMachineArn });
  let execution: any;
  do {
    await new Promise((resolve) => setTimeout(resolve, 20));
    execution = await call('states', 'DescribeExecution', { executionArn });
  } while (execution.status === 'RUNNING');
  const seconds = (performance.now() - start) / 1000;
  if (execution.status !== 'SUCCEEDED') throw new Error(`${execution.status}: ${execution.error} ${execution.cause}`);
  const { mapRuns } = await call('states', 'ListMapRuns', { executionArn });
  const { itemCounts } = await call('states', 'DescribeMapRun', { mapRunArn: mapRuns[0].mapRunArn });
  if (itemCounts.succeeded !== children) throw new Error(`${itemCounts.succeeded} of ${children} children succeeded`);
  process.stdout.write(JSON.stringify({ seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
} finally {
  await cloud.close();
  rmSync(dataFolder, { recursive: true, force: true });
}
