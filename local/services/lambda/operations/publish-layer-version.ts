import type { Operation } from '../../../service.ts';
import { installCode } from '../code/install-code.ts';
import type { LambdaCore } from '../core.ts';
import { invalid, knownMembers } from '../known-members.ts';
import { printedTime } from '../print-configuration.ts';
import { printedLayerVersion } from '../print-layer.ts';

export const publishLayerVersion =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('PublishLayerVersion', input, [
      'LayerName',
      'Content',
      'Description',
      'LicenseInfo',
      'CompatibleRuntimes',
      'CompatibleArchitectures',
    ]);
    const name = String(input.LayerName ?? '')
      .split(':layer:')
      .at(-1)!;
    if (!/^[a-zA-Z0-9-_]{1,140}$/.test(name))
      throw invalid(`a layer's name has letters, digits, "-" and "_", got "${name}"`);
    const code = installCode(core.cloud, 'PublishLayerVersion (Content)', input.Content ?? {});
    const record = core.state.layers.get(name) ?? { name, nextVersion: 1, versions: [] };
    const layerArn = `arn:aws:lambda:${core.cloud.region}:${core.cloud.accountId}:layer:${name}`;
    const version = {
      arn: `${layerArn}:${record.nextVersion}`,
      version: record.nextVersion,
      folder: code.folder,
      codeSha256: code.sha256,
      codeSize: code.size,
      createdDate: printedTime(core.cloud.clock.now()),
      description: input.Description ?? '',
      licenseInfo: input.LicenseInfo,
      compatibleRuntimes: input.CompatibleRuntimes,
      compatibleArchitectures: input.CompatibleArchitectures,
    };
    core.state.layers.set(name, {
      name,
      nextVersion: record.nextVersion + 1,
      versions: [...record.versions, version],
    });
    return printedLayerVersion(version);
  };
