import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allServices } from '../../../local/all-services.ts';
import { type ManualClock, manualClock } from '../../../local/clocks/manual.ts';
import { LocalCloud } from '../../../local/cloud.ts';
import { Faults } from '../../../local/faults/faults.ts';
import { rootCredentials } from '../../../local/iam/credentials.ts';
import { root } from '../../../local/iam/principals.ts';
import { serviceCalls } from '../service-calls.ts';

/** Without a client here: IAM is called by provisioning, CloudFormation answers custom resources, APIs are their own below. */
const others = ['cloudformation', 'execute-api', 'iam'];

const admin = () => root(cloud.accountId);
let cloud: LocalCloud;
let clock: ManualClock;
let faults: Faults;
/** How often the operation itself was run. */
let run = 0;
const running: string[] = [];

beforeAll(async () => {
  clock = manualClock();
  const counted = (make: () => Promise<any>) => async () => {
    run++;
    return make();
  };
  const created = await allServices();
  cloud = await LocalCloud.start({
    services: created.map((create) => (of) => {
      const service = create(of);
      running.push(service.name);
      return service;
    }),
    clock,
    faults: (call, make) => faults.intercept(call, counted(make)),
  });
  faults = new Faults(cloud);
});
afterAll(() => cloud.close());

it('is asked of every service', () => {
  expect(Object.keys(serviceCalls).concat(others).toSorted()).toEqual(running.toSorted());
});

beforeEach(() => {
  faults.clear();
  run = 0;
});

describe.each(Object.keys(serviceCalls))('%s', (service) => {
  const { client: Client, command, operation, throttled } = serviceCalls[service]!;
  const match = { service, operation };
  const send = async () => {
    const options = { endpoint: cloud.endpoint, region: 'us-east-1', credentials: rootCredentials, maxAttempts: 1 };
    const client = new Client(options);
    try {
      return await client.send(command);
    } finally {
      client.destroy();
    }
  };

  it.each(['before', 'after'] as const)('fails %s the effect, as the plan says', async (when) => {
    const error = { code: 'QueueIsTired', message: 'zzz', statusCode: 418 };
    faults.add({ match, action: { type: 'fail', when, error } });
    await expect(send()).rejects.toMatchObject({ name: 'QueueIsTired', message: 'zzz' });
    expect(run).toBe(when === 'before' ? 0 : 1);
  });

  it('loses requests and responses, and throttles in the words that its clients retry on', async () => {
    faults.add(
      { match: { ...match, nth: 1 }, action: { type: 'lose', when: 'before' } },
      { match: { ...match, nth: 2 }, action: { type: 'throttle' } },
      { match: { ...match, nth: 3 }, action: { type: 'lose' } },
    );
    await expect(send()).rejects.toThrow(/hang up|ECONNRESET|aborted/);
    await expect(send()).rejects.toMatchObject({ name: throttled });
    expect(run).toBe(0);
    await expect(send()).rejects.toThrow(/hang up|ECONNRESET|aborted/);
    expect(run).toBe(1);
  });

  it('has its effect twice, late, or behind the next call', async () => {
    faults.add({ match: { ...match, nth: 1 }, action: { type: 'duplicate' } });
    await send();
    expect(run).toBe(2);
    for (const action of [{ type: 'delay', milliseconds: 1000 }, { type: 'reorder' }] as const) {
      faults.clear();
      run = 0;
      faults.add({ match: { ...match, nth: 1 }, action });
      const late = send();
      await clock.advance(999);
      expect(run).toBe(0);
      await clock.advance(1);
      await late;
      expect(run).toBe(1);
    }
  });

  it.each(['before', 'after'] as const)('kills its caller %s the effect', async (when) => {
    let killed = 0;
    const caller = { ...admin(), process: { kill: () => killed++ } };
    faults.add({ match, action: { type: 'kill', when } });
    await expect(cloud.call(service, operation, (command as any).input, caller)).rejects.toThrow('no answer');
    expect([run, killed]).toEqual([when === 'before' ? 0 : 1, 1]);
  });
});

it('strikes the callers of an API as those of AWS', async () => {
  const { ApiEndpoint } = await cloud.call('apigateway', 'CreateApi', { Name: 'a', ProtocolType: 'HTTP' }, admin());
  run = 0;
  const match = { service: 'execute-api', operation: 'Invoke' };
  const error = { code: 'Broken', message: 'zzz', statusCode: 500 };
  faults.add(
    { match: { ...match, nth: 1 }, action: { type: 'throttle' } },
    { match: { ...match, nth: 2 }, action: { type: 'lose' } },
    { match: { ...match, nth: 3 }, action: { type: 'fail', when: 'before', error } },
    { match: { ...match, nth: 4 }, action: { type: 'duplicate' } },
  );
  const called = async () => {
    const response = await fetch(`${ApiEndpoint}/x`);
    return [response.status, await response.json()];
  };
  expect(await called()).toEqual([429, { message: 'Too Many Requests' }]);
  await expect(called()).rejects.toThrow('fetch failed');
  expect(await called()).toEqual([500, { message: 'Internal Server Error' }]);
  expect(run).toBe(1);
  expect(await called()).toEqual([404, { message: 'Not Found' }]);
  expect(run).toBe(3);
});
