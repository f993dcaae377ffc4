import { NotSupportedError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import { installCode } from '../code/install-code.ts';
import type { LambdaCore } from '../core.ts';
import { functionArn } from '../find-function.ts';
import { configurationMembers, layersOf, mergeConfiguration } from '../function-configuration.ts';
import { functionReference } from '../function-reference.ts';
import { conflict, invalid, knownMembers } from '../known-members.ts';
import { printed } from '../print-configuration.ts';
import { publish } from '../publish.ts';
import type { Configuration } from '../state.ts';

export const createFunction =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('CreateFunction', input, [
      'FunctionName',
      'Code',
      'Publish',
      'PackageType',
      'Tags',
      'Architectures',
      ...configurationMembers,
    ]);
    if (input.PackageType && input.PackageType !== 'Zip')
      throw new NotSupportedError('Lambda functions from container images');
    const { name } = functionReference(input.FunctionName);
    if (core.state.functions.has(name)) throw conflict(`Function already exist: ${name}`);
    for (const member of ['Role', 'Handler', 'Runtime', 'Code']) {
      if (!input[member]) throw invalid(`CreateFunction needs ${member}`);
    }
    const code = installCode(core.cloud, 'CreateFunction (Code)', input.Code);
    const configuration = mergeConfiguration(core, initialConfiguration(core, name, input), input);
    core.state.functions.set(name, {
      latest: {
        configuration: { ...configuration, CodeSha256: code.sha256, CodeSize: code.size },
        codeFolder: code.folder,
        layerFolders: (layersOf(core.state, input.Layers) ?? []).map(({ folder }) => folder),
      },
      published: [],
      nextVersion: 1,
      aliases: {},
      tags: input.Tags ?? {},
      eventInvokeConfigs: {},
      policies: {},
    });
    const version = input.Publish ? publish(core, name) : core.state.functions.get(name)!.latest;
    return printed(version, { qualified: input.Publish === true });
  };

function initialConfiguration(core: LambdaCore, name: string, input: Record<string, any>): Configuration {
  return {
    FunctionName: name,
    FunctionArn: functionArn(core.cloud, { name }),
    Runtime: input.Runtime,
    Role: input.Role,
    Handler: input.Handler,
    CodeSize: 0,
    CodeSha256: '',
    Description: '',
    Timeout: 3,
    MemorySize: 128,
    Version: '$LATEST',
    RevisionId: '',
    TracingConfig: { Mode: 'PassThrough' },
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: input.Architectures ?? ['x86_64'],
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}` },
  };
}
