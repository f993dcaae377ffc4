import {
  DeleteLayerVersionCommand,
  GetLayerVersionByArnCommand,
  GetLayerVersionCommand,
  ListLayersCommand,
  ListLayerVersionsCommand,
  PublishLayerVersionCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LambdaCloud, lambdaCloud } from './lambda-cloud.ts';
import { zipArchive } from './zip-archive.ts';

const packageFiles = (value: string) => ({
  'nodejs/node_modules/shared/package.json': '{"name":"shared","main":"index.js"}',
  'nodejs/node_modules/shared/index.js': `exports.value = '${value}'`,
});

describe('layers', () => {
  let lambda: LambdaCloud;
  beforeEach(async () => {
    lambda = await lambdaCloud();
  });
  afterEach(() => lambda.close());

  const publish = (value: string) =>
    lambda.client.send(
      new PublishLayerVersionCommand({
        LayerName: 'shared',
        Description: value,
        Content: { ZipFile: zipArchive(packageFiles(value)) },
        CompatibleRuntimes: ['nodejs24.x'],
      }),
    );

  it('bring packages that functions require', async () => {
    const { LayerVersionArn } = await publish('zipped');
    await lambda.deploy('requiring', "return require('shared').value", { Layers: [LayerVersionArn!] });
    expect((await lambda.invoke('requiring')).result).toBe('zipped');
  });

  it('bring packages that ES modules import', async () => {
    const { LayerVersionArn } = await publish('imported');
    const source = { 'index.mjs': "import shared from 'shared'; export const handler = async () => shared.value" };
    await lambda.deploy('importing', source, { Layers: [LayerVersionArn!] });
    expect((await lambda.invoke('importing')).result).toBe('imported');
    await lambda.deploy('lacking', source);
    expect((await lambda.invoke('lacking')).result.errorType).toBe('Runtime.ImportModuleError');
  });

  it('run from a folder of this machine, the first of several winning', async () => {
    const Layers = [];
    for (const value of ['first', 'second']) {
      const Content = { LocalPath: lambda.folder(packageFiles(value)) };
      Layers.push((await lambda.call('PublishLayerVersion', { LayerName: value, Content })).LayerVersionArn);
    }
    await lambda.deploy('layered', "return require('shared').value", { Layers });
    expect((await lambda.invoke('layered')).result).toBe('first');
  });

  it('count versions up, and leave functions what they had when a version is deleted', async () => {
    const first = await publish('one');
    const second = await publish('two');
    expect([first.Version, second.Version]).toEqual([1, 2]);
    await lambda.deploy('keeping', "return require('shared').value", { Layers: [first.LayerVersionArn!] });
    await lambda.client.send(new DeleteLayerVersionCommand({ LayerName: 'shared', VersionNumber: 1 }));
    expect((await lambda.invoke('keeping')).result).toBe('one');
    const { LayerVersions } = await lambda.client.send(new ListLayerVersionsCommand({ LayerName: 'shared' }));
    expect(LayerVersions!.map(({ Version }) => Version)).toEqual([2]);
    await expect(
      lambda.client.send(new GetLayerVersionCommand({ LayerName: 'shared', VersionNumber: 1 })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect((await publish('three')).Version).toBe(3);
  });

  it('are found by name and by ARN', async () => {
    const { LayerVersionArn: Arn } = await publish('one');
    expect(await lambda.client.send(new GetLayerVersionByArnCommand({ Arn }))).toMatchObject({
      Version: 1,
      Description: 'one',
      LayerArn: 'arn:aws:lambda:us-east-1:000000000000:layer:shared',
      CompatibleRuntimes: ['nodejs24.x'],
    });
    const { Layers } = await lambda.client.send(new ListLayersCommand({}));
    expect(Layers).toMatchObject([{ LayerName: 'shared', LatestMatchingVersion: { Version: 1 } }]);
  });

  it('of another platform give way to a folder of native modules, for functions of that platform only', async () => {
    await lambda.close();
    const other = process.arch === 'arm64' ? 'x86_64' : 'arm64';
    lambda = await lambdaCloud();
    const nativeModules = lambda.folder({ 'shared/index.js': "exports.value = 'native'" });
    const native = await lambdaCloud({ nativeModules });
    try {
      const source = "try { return require('shared').value } catch { return 'none' }";
      await native.deploy('foreign', source, { Architectures: [other] });
      await native.deploy('own', source, { Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'] });
      expect((await native.invoke('foreign')).result).toBe('native');
      if (process.platform === 'linux') expect((await native.invoke('own')).result).toBe('none');
    } finally {
      await native.close();
    }
  });
});
