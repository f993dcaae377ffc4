import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../../../local/clocks/manual.ts';
import { LocalCloud } from '../../../../local/cloud.ts';
import { root } from '../../../../local/iam/principals.ts';
import type { Principal, ServiceFactory, ServiceMetric } from '../../../../local/service.ts';
import { createIam } from '../../../../local/services/iam/index.ts';
import { createLogs } from '../../../../local/services/logs/index.ts';

const logGroupName = '/jobs';
const stream = { logGroupName, logStreamName: 's' };
const clock = manualClock();
const measured: ServiceMetric[] = [];
const monitoring = (() => ({
  name: 'monitoring',
  operations: {},
  permissions: () => [],
  http: async () => {},
  record: (metric: ServiceMetric) => void measured.push(metric),
})) as unknown as ServiceFactory;
let cloud: LocalCloud;
const ask = (operation: string, input: object, caller: Principal = root('000000000000')): Promise<any> =>
  cloud.call('logs', operation, input, caller);
const count = { metricName: 'Errors', metricNamespace: 'Jobs', metricValue: '1' };
const filter = (filterPattern: string, transformation: object = count, filterName = 'f') =>
  ask('PutMetricFilter', { logGroupName, filterName, filterPattern, metricTransformations: [transformation] });
const log = async (...messages: (string | object)[]) => {
  const text = messages.map((message) => (typeof message === 'string' ? message : JSON.stringify(message)));
  await ask('PutLogEvents', { ...stream, logEvents: text.map((message) => ({ timestamp: clock.now(), message })) });
  return measured.splice(0);
};

beforeAll(async () => {
  cloud = await LocalCloud.start({ services: [createIam, createLogs, monitoring], clock });
});
beforeEach(async () => {
  await ask('CreateLogGroup', { logGroupName });
  await ask('CreateLogStream', stream);
  return () => ask('DeleteLogGroup', { logGroupName });
});
afterAll(() => cloud.close());

describe('a metric filter', () => {
  it('counts the events that match its terms, at their own time', async () => {
    await filter('ERROR -ignored');
    const metric = { namespace: 'Jobs', name: 'Errors', dimensions: {}, value: 1, unit: undefined, at: clock.now() };
    expect(await log('ERROR one', 'fine', 'ERROR ignored', 'ERROR two')).toEqual([metric, metric]);
  });

  it('takes value and dimensions out of events in JSON, and nothing where they are not there', async () => {
    const bytes = { ...count, metricValue: '$.bytes', unit: 'Bytes', dimensions: { Job: '$.job.name' } };
    await filter('{ $.level = "WARN" }', bytes);
    const metrics = await log(
      { level: 'WARN', bytes: 7, job: { name: 'a' } },
      { level: 'WARN', bytes: 'many', job: { name: 'a' } },
      { level: 'WARN', bytes: 7 },
      { level: 'INFO', bytes: 7, job: { name: 'a' } },
    );
    expect(metrics).toMatchObject([{ value: 7, unit: 'Bytes', dimensions: { Job: 'a' } }]);
  });

  it('gives its default value where events came and none matched', async () => {
    await filter('ERROR', { ...count, defaultValue: 0 });
    expect(await log('fine', 'fine')).toMatchObject([{ value: 0 }]);
    expect(await log('fine', 'ERROR')).toMatchObject([{ value: 1 }]);
  });

  it('is replaced under its name, listed, and gone when it or its group is deleted', async () => {
    await filter('A');
    await filter('B');
    const { metricFilters } = await ask('DescribeMetricFilters', { logGroupName, filterNamePrefix: 'f' });
    expect(metricFilters).toEqual([
      { filterName: 'f', logGroupName, filterPattern: 'B', metricTransformations: [count], creationTime: clock.now() },
    ]);
    const { logGroups } = await ask('DescribeLogGroups', {});
    expect(logGroups[0].metricFilterCount).toBe(1);
    await ask('DeleteMetricFilter', { logGroupName, filterName: 'f' });
    expect(await log('B')).toEqual([]);
    await expect(ask('DeleteMetricFilter', { logGroupName, filterName: 'f' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  it('can be tried on messages', async () => {
    const input = { filterPattern: '{ $.n > 1 }', logEventMessages: ['{"n":1}', '{"n":2}'] };
    expect(await ask('TestMetricFilter', input)).toEqual({
      matches: [{ eventNumber: 2, eventMessage: '{"n":2}', extractedValues: {} }],
    });
  });

  it.each([
    ['a pattern that is none', () => filter('{ $.x }'), 'InvalidParameterException'],
    ['no transformation', () => filter('A', { ...count, metricName: '' }), 'InvalidParameterException'],
    ['a value that is no number', () => filter('A', { ...count, metricValue: 'one' }), 'InvalidParameterException'],
    [
      'a default value beside dimensions',
      () => filter('A', { ...count, defaultValue: 0, dimensions: { a: '$.a' } }),
      'InvalidParameterException',
    ],
  ])('is refused with %s', async (_name, put, code) => {
    await expect(put()).rejects.toMatchObject({ code });
  });
});

it('lets services write into a group where a resource policy of the account says so', async () => {
  const events: Principal = { kind: 'service', arn: 'events.amazonaws.com' };
  const write = () => ask('PutLogEvents', { ...stream, logEvents: [{ timestamp: clock.now(), message: 'm' }] }, events);
  await expect(write()).rejects.toMatchObject({ code: 'AccessDeniedException' });
  const Statement = {
    Effect: 'Allow',
    Principal: { Service: events.arn },
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}:*`,
  };
  const policyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
  await ask('PutResourcePolicy', { policyName: 'p', policyDocument });
  await write();
  await ask('DeleteResourcePolicy', { policyName: 'p' });
  await expect(write()).rejects.toMatchObject({ code: 'AccessDeniedException' });
});
