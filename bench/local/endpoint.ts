/**
 * A server in a process of its own, for as long as its parent lives: `fork('endpoint.ts', [<which>, <folder>])`. Sends its
 * endpoint, then its peak memory each time that it is asked.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalCloud } from '../../local/cloud.ts';
import { root } from '../../local/iam/principals.ts';
import { createDynamodb } from '../../local/services/dynamodb/index.ts';
import { createIam } from '../../local/services/iam/index.ts';
import { createLambda } from '../../local/services/lambda/index.ts';
import { createLogs } from '../../local/services/logs/index.ts';
import { createS3 } from '../../local/services/s3/index.ts';
import { createSqs } from '../../local/services/sqs/index.ts';
import { fileSink } from './file-sink.ts';
import { listen } from './listen.ts';
import { functionsPerEndpoint } from './start-endpoint.ts';

const [which, folder] = process.argv.slice(2) as [string, string];

async function startCloud(): Promise<LocalCloud> {
  const services = [createIam, createS3, createSqs, createDynamodb, createLogs, createLambda];
  const cloud = await LocalCloud.start({ services, dataFolder: join(folder, 'data') });
  process.once('disconnect', async () => {
    await cloud.close();
    process.exit();
  });
  return cloud;
}

const servers: Readonly<Record<string, () => Promise<string>>> = {
  cloud: async () => (await startCloud()).endpoint,
  async functions() {
    const cloud = await startCloud();
    const call = (service: string, operation: string, input: object) =>
      cloud.call(service, operation, input, root(cloud.accountId));
    const trust = {
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
    };
    const { Role } = await call('iam', 'CreateRole', {
      RoleName: 'bench',
      AssumeRolePolicyDocument: JSON.stringify(trust),
    });
    const PolicyDocument = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'logs:*', Resource: '*' }] });
    await call('iam', 'PutRolePolicy', { RoleName: 'bench', PolicyName: 'log', PolicyDocument });
    const code = join(folder, 'code');
    mkdirSync(code);
    writeFileSync(join(code, 'index.js'), 'exports.handler = async () => 1;');
    for (let n = 0; n < functionsPerEndpoint; n++) {
      await call('lambda', 'CreateFunction', {
        FunctionName: `idle-${n}`,
        Role: Role.Arn,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { LocalPath: code },
      });
    }
    return cloud.endpoint;
  },
  async sink() {
    process.once('disconnect', () => process.exit());
    return listen(fileSink(folder));
  },
  async dynalite() {
    process.once('disconnect', () => process.exit());
    // @ts-expect-error the package has no types
    const { default: dynalite } = await import('dynalite');
    return listen(dynalite({ path: join(folder, 'data'), createTableMs: 0 }));
  },
};

process.on('message', () => process.send!({ peakBytes: process.resourceUsage().maxRSS * 1024 }));
process.send!({ endpoint: await servers[which]!() });
