import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { mapOf, tags, type Value, withoutEffect } from '../provisioning/shape.ts';
import { assetCode, codeShape, inlineCode } from './functions/function-code.ts';

const properties = {
  FunctionName: 'text',
  Description: 'text',
  Code: codeShape,
  PackageType: 'text',
  Runtime: 'text',
  Handler: 'text',
  Role: 'text',
  Timeout: 'number',
  MemorySize: 'number',
  EphemeralStorage: { Size: 'number' },
  Environment: { Variables: mapOf('text') },
  Layers: ['text'],
  Architectures: ['text'],
  DeadLetterConfig: { TargetArn: 'text' },
  LoggingConfig: { LogFormat: 'text', LogGroup: 'text', ApplicationLogLevel: 'text', SystemLogLevel: 'text' },
  ReservedConcurrentExecutions: 'number',
  TracingConfig: { Mode: 'text' },
  RecursiveLoop: withoutEffect('Lambda cuts loops between functions and queues after 16 rounds; here they go on'),
  RuntimeManagementConfig: withoutEffect('this machine has one patch level of a runtime'),
  KmsKeyArn: withoutEffect('environments are not encrypted at rest on this machine'),
  Tags: tags,
} as const;

type FunctionProperties = Value<typeof properties>;

function code({ Code = {}, Runtime }: FunctionProperties, context: ResourceContext) {
  if (Code.ZipFile !== undefined) return inlineCode(Code.ZipFile, Runtime, context);
  return assetCode(Code.S3Bucket, Code.S3Key, context);
}

/** What CreateFunction and UpdateFunctionConfiguration both take. */
function configuration(wanted: FunctionProperties) {
  const {
    FunctionName: _name,
    Code: _code,
    PackageType: _type,
    ReservedConcurrentExecutions: _reserved,
    Architectures: _arch,
    ...rest
  } = wanted;
  return rest;
}

/** What a setting goes back to that the template no longer has. */
const defaults = {
  Description: '',
  Timeout: 3,
  MemorySize: 128,
  EphemeralStorage: { Size: 512 },
  Environment: { Variables: {} },
  Layers: [],
  DeadLetterConfig: { TargetArn: '' },
  LoggingConfig: { LogFormat: 'Text' },
  TracingConfig: { Mode: 'PassThrough' },
};

async function reserve(FunctionName: string, reserved: number | undefined, context: ResourceContext): Promise<void> {
  if (reserved === undefined) await context.call('lambda', 'DeleteFunctionConcurrency', { FunctionName });
  else await context.call('lambda', 'PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: reserved });
}

const provisioned = (name: string, { region, accountId }: ResourceContext) => ({
  physicalId: name,
  attributes: { Arn: `arn:aws:lambda:${region}:${accountId}:function:${name}` },
});

export default defineResource({
  type: 'AWS::Lambda::Function',
  properties,
  replacedBy: ['FunctionName', 'PackageType'],
  async create(wanted, context) {
    const FunctionName = context.name(wanted.FunctionName, { maxLength: 64 });
    const { Architectures, PackageType, ReservedConcurrentExecutions: reserved } = wanted;
    const Code = code(wanted, context);
    await context.call('lambda', 'CreateFunction', {
      ...configuration(wanted),
      FunctionName,
      Code,
      Architectures,
      PackageType,
    });
    if (reserved !== undefined) await reserve(FunctionName, reserved, context);
    return provisioned(FunctionName, context);
  },
  async update(wanted, context, { physicalId: FunctionName, properties: before }) {
    const dropped = Object.entries(defaults).filter(([name]) => name in before && !(name in wanted));
    const input = { ...Object.fromEntries(dropped), ...configuration(wanted) };
    await context.call('lambda', 'UpdateFunctionConfiguration', { FunctionName, ...input });
    await context.call('lambda', 'UpdateFunctionCode', {
      FunctionName,
      ...code(wanted, context),
      Architectures: wanted.Architectures,
    });
    if (wanted.ReservedConcurrentExecutions !== before.ReservedConcurrentExecutions) {
      await reserve(FunctionName, wanted.ReservedConcurrentExecutions, context);
    }
    return provisioned(FunctionName, context);
  },
  async delete(FunctionName, context) {
    await context.attempt(['ResourceNotFoundException'], 'lambda', 'DeleteFunction', { FunctionName });
  },
});
