import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../../../local/iam/principals.ts';
import { createIam } from '../../../../local/services/iam/index.ts';
import { createSts } from '../../../../local/services/sts/index.ts';
import type { Json, JsonObject } from '../../../../local/states/json.ts';
import { CalledCloud } from './called-cloud.ts';
import { fakeService } from './cloud-with-fakes.ts';

let states: CalledCloud;
/** Who called the function last. */
let caller: string;

beforeAll(async () => {
  const lambda = fakeService('lambda', {
    async Invoke(_input, { principal }) {
      caller = principal.roleArn!;
      return { StatusCode: 200, Payload: Buffer.from('{}') };
    },
  });
  states = await CalledCloud.start([createIam, createSts, lambda]);
});
afterAll(() => states.close());

const iam = (operation: string, input: JsonObject) =>
  states.cloud.call('iam', operation, input, root(states.cloud.accountId));

let count = 0;
async function roleOf(Principal: JsonObject, allowed?: string): Promise<string> {
  const RoleName = `role-${count++}`;
  const trust = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }] };
  const { Role } = await iam('CreateRole', { RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) });
  if (allowed !== undefined) {
    const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: allowed }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam('PutRolePolicy', { RoleName, PolicyName: 'p', PolicyDocument });
  }
  return Role.Arn;
}

const executionRole = (allowed?: string) => roleOf({ Service: 'states.amazonaws.com' }, allowed);
const roleTrusting = (arn: string) => roleOf({ AWS: arn });

async function outcome(roleArn: string, taskRole: string): Promise<Json> {
  const Credentials = { RoleArn: '{% $states.input.role %}' };
  const Call = {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: 'f' },
    Credentials,
    End: true,
  };
  const machine = { QueryLanguage: 'JSONata', StartAt: 'Call', States: { Call } };
  const arn = await states.create(machine, { name: `machine-${count++}`, roleArn });
  return states.settled(await states.begin(arn, { role: taskRole }));
}

describe('a task with Credentials', () => {
  it('calls as the role that it asks for', async () => {
    const own = await executionRole('*');
    const other = await roleTrusting(own);
    expect(await outcome(own, other)).toMatchObject({ status: 'SUCCEEDED' });
    expect(caller).toBe(other);
  });

  it('may ask for the role that it has anyway', async () => {
    const own = await executionRole();
    expect(await outcome(own, own)).toMatchObject({ status: 'SUCCEEDED' });
    expect(caller).toBe(own);
  });

  it('fails where its own policies, the trust of the role or the role itself are missing', async () => {
    const [powerless, own] = [await executionRole(), await executionRole('*')];
    const cases = [
      // A role that trusts the whole account leaves it to each role's policies.
      [powerless, await roleTrusting('arn:aws:iam::000000000000:root')],
      [own, await roleTrusting(powerless)],
      [own, 'arn:aws:iam::000000000000:role/none'],
    ] as const;
    for (const [executing, wanted] of cases) {
      expect(await outcome(executing, wanted)).toMatchObject({
        status: 'FAILED',
        error: 'States.TaskFailed',
        cause: `The role ${executing} is not authorized to assume the task state's role, ${wanted}.`,
      });
    }
  });
});
