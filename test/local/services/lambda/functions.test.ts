import {
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  ListAliasesCommand,
  ListFunctionsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LambdaCloud, lambdaCloud, role } from './lambda-cloud.ts';
import { zipArchive } from './zip-archive.ts';

const returning = (value: unknown) => ({ 'index.js': `exports.handler = async () => (${JSON.stringify(value)})` });

describe('functions', () => {
  let lambda: LambdaCloud;
  beforeEach(async () => {
    lambda = await lambdaCloud();
  });
  afterEach(() => lambda.close());

  const create = (FunctionName: string, settings = {}) =>
    lambda.client.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: role,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { ZipFile: zipArchive(returning(FunctionName)) },
        ...settings,
      }),
    );

  it('run from an uploaded archive', async () => {
    const created = await create('zipped', { Description: 'from a zip', Timeout: 30, MemorySize: 256 });
    expect(created).toMatchObject({
      FunctionName: 'zipped',
      FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:zipped',
      Description: 'from a zip',
      Timeout: 30,
      MemorySize: 256,
      Version: '$LATEST',
      State: 'Active',
      Architectures: ['x86_64'],
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/zipped' },
      $metadata: { httpStatusCode: 201 },
    });
    expect((await lambda.invoke('zipped')).result).toBe('zipped');
  });

  it('are found, listed page by page, and deleted', async () => {
    for (const name of ['a', 'b', 'c']) await create(name, name === 'a' ? { Tags: { team: 'data' } } : {});
    const first = await lambda.client.send(new ListFunctionsCommand({ MaxItems: 2 }));
    const rest = await lambda.client.send(new ListFunctionsCommand({ Marker: first.NextMarker }));
    expect([...first.Functions!, ...rest.Functions!].map(({ FunctionName }) => FunctionName)).toEqual(['a', 'b', 'c']);
    expect(await lambda.client.send(new GetFunctionCommand({ FunctionName: 'a' }))).toMatchObject({
      Configuration: { FunctionName: 'a' },
      Tags: { team: 'data' },
    });
    await lambda.client.send(new DeleteFunctionCommand({ FunctionName: 'a' }));
    await expect(lambda.client.send(new GetFunctionCommand({ FunctionName: 'a' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('are not created twice', async () => {
    await create('once');
    await expect(create('once')).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: 'Function already exist: once',
    });
  });

  it.each([
    [
      'a runtime that is not Node',
      { Runtime: 'python3.13' },
      'local AWS does not support the Lambda runtime python3.13',
    ],
    ['images', { PackageType: 'Image' }, 'local AWS does not support Lambda functions from container images'],
    ['subnets', { VpcConfig: { SubnetIds: ['s'] } }, 'local AWS does not support VpcConfig of Lambda functions'],
    [
      'file systems',
      { FileSystemConfigs: [{ Arn: 'a', LocalMountPath: '/mnt/a' }] },
      /the parameter FileSystemConfigs/,
    ],
    ['code in S3', { Code: { S3Bucket: 'b', S3Key: 'k' } }, /the parameter S3Bucket/],
  ])('refuse %s by name', async (_, settings, message) => {
    await expect(create('refused', settings)).rejects.toMatchObject({
      message: typeof message === 'string' ? message : expect.stringMatching(message),
      $metadata: { httpStatusCode: 501 },
    });
  });

  it.each([
    ['a timeout over 15 minutes', { Timeout: 901 }, 'ValidationException'],
    ['memory below 128 MB', { MemorySize: 64 }, 'ValidationException'],
    ['a role that is no ARN', { Role: 'worker' }, 'ValidationException'],
    ['reserved variables', { Environment: { Variables: { AWS_REGION: 'x' } } }, 'InvalidParameterValueException'],
    [
      'variables over 4 KB',
      { Environment: { Variables: { LONG: 'x'.repeat(4096) } } },
      'InvalidParameterValueException',
    ],
    [
      'an unknown layer',
      { Layers: ['arn:aws:lambda:us-east-1:000000000000:layer:no:1'] },
      'InvalidParameterValueException',
    ],
    ['a processor that there is not', { Architectures: ['mips'] }, 'ValidationException'],
    ['an archive that is none', { Code: { ZipFile: Buffer.from('no zip') } }, 'InvalidParameterValueException'],
  ])('refuse %s', async (_, settings, name) => {
    await expect(create('refused', settings)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });

  it('change their configuration and keep the rest', async () => {
    await create('changing', { Environment: { Variables: { KEEP: 'this' } }, MemorySize: 256 });
    const update = new UpdateFunctionConfigurationCommand({
      FunctionName: 'changing',
      Timeout: 60,
      Description: 'changed',
    });
    expect(await lambda.client.send(update)).toMatchObject({
      Timeout: 60,
      MemorySize: 256,
      Description: 'changed',
      Environment: { Variables: { KEEP: 'this' } },
    });
  });

  it('change only in the revision that the caller saw', async () => {
    const { RevisionId } = await create('guarded');
    const update = { FunctionName: 'guarded', Description: 'mine', RevisionId };
    await lambda.client.send(new UpdateFunctionConfigurationCommand(update));
    await expect(lambda.client.send(new UpdateFunctionConfigurationCommand(update))).rejects.toMatchObject({
      name: 'PreconditionFailedException',
      $metadata: { httpStatusCode: 412 },
    });
  });

  it('keep published versions as they were, and publish none where nothing changed', async () => {
    await create('versioned', { Publish: true });
    const publish = () => lambda.client.send(new PublishVersionCommand({ FunctionName: 'versioned' }));
    expect((await publish()).Version).toBe('1');
    const ZipFile = zipArchive(returning('second'));
    await lambda.client.send(new UpdateFunctionCodeCommand({ FunctionName: 'versioned', ZipFile }));
    expect(await publish()).toMatchObject({
      Version: '2',
      FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:versioned:2',
    });
    expect((await lambda.invoke('versioned', {}, { Qualifier: '1' })).result).toBe('versioned');
    const latest = await lambda.invoke('versioned:2');
    expect([latest.result, latest.ExecutedVersion]).toEqual(['second', '2']);
    const { Versions } = await lambda.client.send(new ListVersionsByFunctionCommand({ FunctionName: 'versioned' }));
    expect(Versions!.map(({ Version }) => Version)).toEqual(['$LATEST', '1', '2']);
  });

  it('are reached through aliases, which can be moved and weighted', async () => {
    await create('aliased', { Publish: true });
    const alias = { FunctionName: 'aliased', Name: 'live' };
    await lambda.client.send(new CreateAliasCommand({ ...alias, FunctionVersion: '1' }));
    const viaAlias = await lambda.invoke('aliased:live');
    expect([viaAlias.result, viaAlias.ExecutedVersion]).toEqual(['aliased', '1']);
    await lambda.client.send(
      new UpdateFunctionCodeCommand({ FunctionName: 'aliased', ZipFile: zipArchive(returning(2)), Publish: true }),
    );
    await lambda.client.send(
      new UpdateAliasCommand({ ...alias, RoutingConfig: { AdditionalVersionWeights: { '2': 1 } } }),
    );
    expect((await lambda.invoke('aliased', {}, { Qualifier: 'live' })).result).toBe(2);
    expect(await lambda.client.send(new GetAliasCommand(alias))).toMatchObject({ FunctionVersion: '1' });
    await expect(
      lambda.client.send(new DeleteFunctionCommand({ FunctionName: 'aliased', Qualifier: '1' })),
    ).rejects.toMatchObject({ name: 'ResourceConflictException' });
    await lambda.client.send(new DeleteAliasCommand(alias));
    const { Aliases } = await lambda.client.send(new ListAliasesCommand({ FunctionName: 'aliased' }));
    expect(Aliases).toEqual([]);
  });

  it('give their configuration with the qualifier asked for in the ARN', async () => {
    await create('qualified', { Publish: true });
    const get = (Qualifier?: string) =>
      lambda.client.send(new GetFunctionConfigurationCommand({ FunctionName: 'qualified', Qualifier }));
    expect((await get()).FunctionArn).toMatch(/:qualified$/);
    expect((await get('$LATEST')).FunctionArn).toMatch(/:qualified:\$LATEST$/);
    expect((await get('1')).FunctionArn).toMatch(/:qualified:1$/);
  });

  it('carry tags', async () => {
    const { FunctionArn: Resource } = await create('tagged', { Tags: { a: '1' } });
    await lambda.client.send(new TagResourceCommand({ Resource, Tags: { b: '2', c: '3' } }));
    await lambda.client.send(new UntagResourceCommand({ Resource, TagKeys: ['a', 'b'] }));
    expect((await lambda.client.send(new ListTagsCommand({ Resource }))).Tags).toEqual({ c: '3' });
  });

  it('cannot name a folder of this machine over HTTP', async () => {
    const body = JSON.stringify({
      FunctionName: 'x',
      Role: role,
      Runtime: 'nodejs24.x',
      Handler: 'i.h',
      Code: { LocalPath: '/' },
    });
    lambda.client.middlewareStack.add(
      (next) => (args: any) => {
        args.request.body = body;
        args.request.headers['content-length'] = String(body.length);
        return next(args);
      },
      { step: 'build', name: 'smuggle', priority: 'low' },
    );
    await expect(create('x')).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } });
  });
});
