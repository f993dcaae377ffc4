import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  LabelParameterVersionCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LocalCloud } from '../../../../local/cloud.ts';
import { createKms } from '../../../../local/services/kms/index.ts';
import { createSsm } from '../../../../local/services/ssm/index.ts';

let cloud: LocalCloud;
let client: SSMClient;
const send = (command: any): Promise<any> => client.send(command);
const put = (Name: string, Value: string, more: object = {}) =>
  send(new PutParameterCommand({ Name, Value, Type: 'String', ...more }));
const get = async (Name: string, WithDecryption?: boolean) =>
  (await send(new GetParameterCommand({ Name, WithDecryption }))).Parameter;

beforeEach(async () => {
  cloud = await LocalCloud.start({ services: [createKms, createSsm] });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new SSMClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await cloud.close();
});

test('keeps every version of a parameter', async () => {
  expect((await put('/app/url', 'one')).Version).toBe(1);
  await expect(put('/app/url', 'two')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
  await put('/app/url', 'two', { Overwrite: true });
  expect(await get('/app/url')).toMatchObject({
    Value: 'two',
    Version: 2,
    ARN: 'arn:aws:ssm:us-east-1:000000000000:parameter/app/url',
  });
  expect(await get('/app/url:1')).toMatchObject({ Value: 'one', Selector: ':1' });
  await send(new LabelParameterVersionCommand({ Name: '/app/url', ParameterVersion: 1, Labels: ['good'] }));
  expect((await get('/app/url:good')).Value).toBe('one');
  const { Parameters } = await send(new GetParameterHistoryCommand({ Name: '/app/url' }));
  expect(Parameters.map((one: any) => [one.Version, one.Value, one.Labels])).toEqual([
    [1, 'one', ['good']],
    [2, 'two', []],
  ]);
  await send(new DeleteParameterCommand({ Name: '/app/url' }));
  await expect(get('/app/url')).rejects.toMatchObject({ name: 'ParameterNotFound' });
});

test('shows a secure value to whoever asks for it in the clear, and its ciphertext otherwise', async () => {
  await put('/app/key', 'geheim', { Type: 'SecureString' });
  const sealed = await get('/app/key');
  expect(sealed.Value).not.toContain('geheim');
  expect(await get('/app/key', true)).toMatchObject({ Type: 'SecureString', Value: 'geheim' });
});

test('finds parameters by path', async () => {
  for (const name of ['/a/x', '/a/y', '/a/deep/z', '/b/x']) await put(name, name);
  const under = async (Path: string, Recursive?: boolean) =>
    (await send(new GetParametersByPathCommand({ Path, Recursive }))).Parameters.map((one: any) => one.Name);
  expect(await under('/a')).toEqual(['/a/x', '/a/y']);
  expect(await under('/a/', true)).toEqual(['/a/deep/z', '/a/x', '/a/y']);
  const first = await send(new GetParametersByPathCommand({ Path: '/', Recursive: true, MaxResults: 3 }));
  const rest = await send(
    new GetParametersByPathCommand({ Path: '/', Recursive: true, MaxResults: 3, NextToken: first.NextToken }),
  );
  expect([first.Parameters.length, rest.Parameters.length, rest.NextToken]).toEqual([3, 1, undefined]);
});

test('reads several at once and names those that are not there', async () => {
  await put('one', '1');
  const { Parameters, InvalidParameters } = await send(new GetParametersCommand({ Names: ['one', 'two'] }));
  expect([Parameters.map((one: any) => one.Value), InvalidParameters]).toEqual([['1'], ['two']]);
});

test('describes parameters and their tags', async () => {
  await put('/app/list', 'a,b', { Type: 'StringList', Description: 'both', Tags: [{ Key: 'k', Value: 'v' }] });
  const ParameterFilters = [{ Key: 'Type', Values: ['StringList'] }];
  const { Parameters } = await send(new DescribeParametersCommand({ ParameterFilters }));
  expect(Parameters).toMatchObject([{ Name: '/app/list', Description: 'both', Version: 1, Tier: 'Standard' }]);
  const resource = { ResourceType: 'Parameter' as const, ResourceId: '/app/list' };
  await send(new AddTagsToResourceCommand({ ...resource, Tags: [{ Key: 'l', Value: 'w' }] }));
  expect((await send(new ListTagsForResourceCommand(resource))).TagList).toEqual([
    { Key: 'k', Value: 'v' },
    { Key: 'l', Value: 'w' },
  ]);
});

test.each<[string, string, string, object, string]>([
  ['a value over 4 KB', '/a', 'x'.repeat(4097), {}, 'ValidationException'],
  ['a name of AWS', '/aws/mine', 'x', {}, 'ValidationException'],
  ['a value off its pattern', '/a', 'x', { AllowedPattern: '[0-9]+' }, 'ParameterPatternMismatchException'],
  ['tags beside an overwrite', '/a', 'x', { Overwrite: true, Tags: [{ Key: 'a', Value: 'b' }] }, 'ValidationException'],
  ['what it does not have', '/a', 'x', { Policies: '[]' }, 'NotImplemented'],
])('refuses %s', async (_, name, value, more, error) => {
  await expect(put(name, value, more)).rejects.toMatchObject({ name: error });
});

test('keeps the type of a parameter', async () => {
  await put('/typed', 'one');
  await expect(put('/typed', 'a,b', { Type: 'StringList', Overwrite: true })).rejects.toMatchObject({
    name: 'HierarchyTypeMismatchException',
  });
});

test('gives no more on a page than AWS does, and refuses tokens that it never gave', async () => {
  const ask = (more: object) => client.send(new GetParametersByPathCommand({ Path: '/', ...more }));
  await expect(ask({ MaxResults: 11 })).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(ask({ NextToken: 'zz' })).rejects.toMatchObject({ name: 'ValidationException' });
});

test('refuses references to secrets by name', async () => {
  const Name = '/aws/reference/secretsmanager/key';
  await expect(client.send(new GetParameterCommand({ Name }))).rejects.toMatchObject({ name: 'NotImplemented' });
});
