import { afterAll, beforeAll, expect, it } from 'vitest';
import { allServices } from '../../../local/all-services.ts';
import { LocalCloud } from '../../../local/cloud.ts';
import { root } from '../../../local/iam/principals.ts';
import { serviceCalls } from '../service-calls.ts';

let cloud: LocalCloud;
let credentials: object;

beforeAll(async () => {
  cloud = await LocalCloud.start({ services: await allServices() });
  const AssumeRolePolicyDocument = JSON.stringify({
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
  });
  const role = { RoleName: 'nobody', AssumeRolePolicyDocument };
  const { Role } = await cloud.call('iam', 'CreateRole', role, root(cloud.accountId));
  credentials = cloud.issueCredentials(cloud.assume(Role.Arn, 'session'));
});
afterAll(() => cloud.close());

// Who one is may be asked by everybody.
const asked = Object.keys(serviceCalls).filter((service) => service !== 'sts');

it.each(asked)('%s denies what nothing allows, naming principal, action and resource', async (service) => {
  const { client: Client, command } = serviceCalls[service]!;
  const client = new Client({ endpoint: cloud.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  const denied = await client.send(command).catch((error: Error) => error);
  client.destroy();
  expect(denied.name).toMatch(/^(AccessDenied(Exception)?|AuthorizationErrorException)$/);
  expect(denied.message).toMatch(
    /^User: arn:aws:sts::000000000000:assumed-role\/nobody\/session is not authorized to perform: [a-z0-9]+:\w+ on resource: \S+ because no identity-based policy allows the [a-z0-9]+:\w+ action$/,
  );
});
