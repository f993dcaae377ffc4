import { randomUUID } from 'node:crypto';
import { AwsError, NotSupportedError } from '../../aws-error.ts';
import type { Cloud } from '../../service.ts';
import { checkTarget } from './invocation/send-to-target.ts';
import { invalid, knownMembers, wholeNumber } from './known-members.ts';
import { printedTime } from './print-configuration.ts';
import type { Configuration, LambdaState, LayerVersion } from './state.ts';

/** The members of CreateFunction and UpdateFunctionConfiguration that describe how a function runs. */
export const configurationMembers = [
  'Role',
  'Handler',
  'Runtime',
  'Description',
  'Timeout',
  'MemorySize',
  'Environment',
  'Layers',
  'EphemeralStorage',
  'LoggingConfig',
  'DeadLetterConfig',
  'TracingConfig',
  'KMSKeyArn',
  'VpcConfig',
  'SnapStart',
];

const maxLayers = 5;
const maxEnvironmentBytes = 4096;
const reservedVariables =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_DEFAULT_REGION|AWS_REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_(?!EXEC_WRAPPER|NODEJS).*|AWS_ACCESS_KEY(_ID)?|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;

/** Checks the members given and lays them over what the function had. Throws AWS's validation errors. */
export function mergeConfiguration(
  where: { readonly cloud: Cloud; readonly state: LambdaState },
  before: Configuration,
  input: Record<string, any>,
): Configuration {
  check(input);
  const given = Object.fromEntries(
    configurationMembers
      .filter((name) => input[name] !== undefined && input[name] !== null)
      .map((name) => [name, input[name]]),
  );
  const layers = layersOf(where.state, input.Layers);
  const { VpcConfig, SnapStart, Layers, ...plain } = given;
  return {
    ...before,
    ...plain,
    ...(layers && { Layers: layers.map(({ arn, codeSize }) => ({ Arn: arn, CodeSize: codeSize })) }),
    ...(given.Environment && { Environment: { Variables: given.Environment.Variables ?? {} } }),
    LoggingConfig: loggingConfig(before, given.LoggingConfig),
    LastModified: printedTime(where.cloud.clock.now()),
    RevisionId: randomUUID(),
  };
}

function loggingConfig(
  before: Configuration,
  given: Configuration['LoggingConfig'] = {},
): Configuration['LoggingConfig'] {
  knownMembers('CreateFunction (LoggingConfig)', { ...given }, [
    'LogFormat',
    'LogGroup',
    'ApplicationLogLevel',
    'SystemLogLevel',
  ]);
  const merged = { ...before.LoggingConfig, ...given };
  if (merged.LogFormat === 'JSON') return { ApplicationLogLevel: 'INFO', SystemLogLevel: 'INFO', ...merged };
  if (given.ApplicationLogLevel || given.SystemLogLevel) {
    throw invalid('To use ApplicationLogLevel or SystemLogLevel, the log format must be JSON');
  }
  return { LogFormat: 'Text', LogGroup: merged.LogGroup };
}

function check(input: Record<string, any>): void {
  wholeNumber('timeout', input.Timeout, [1, 900]);
  wholeNumber('memorySize', input.MemorySize, [128, 10_240]);
  wholeNumber('ephemeralStorage.size', input.EphemeralStorage?.Size, [512, 10_240]);
  if (input.Runtime !== undefined && !/^nodejs(20|22|24)\.x$/.test(input.Runtime)) {
    throw new NotSupportedError(`the Lambda runtime ${input.Runtime}`);
  }
  const architectures: unknown[] = input.Architectures ?? ['x86_64'];
  if (architectures.length !== 1 || !['x86_64', 'arm64'].includes(String(architectures[0]))) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '[${architectures}]' at 'architectures' failed to satisfy constraint: Member must be one of [x86_64, arm64]`,
    );
  }
  if (input.VpcConfig?.SubnetIds?.length || input.VpcConfig?.SecurityGroupIds?.length) {
    throw new NotSupportedError('VpcConfig of Lambda functions');
  }
  if (input.SnapStart && input.SnapStart.ApplyOn !== 'None')
    throw new NotSupportedError('SnapStart of Lambda functions');
  if (input.Role !== undefined && !/^arn:aws[a-z-]*:iam::\d{12}:role\/.+/.test(input.Role)) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${input.Role}' at 'role' failed to satisfy constraint: Member must be the ARN of a role`,
    );
  }
  if (input.DeadLetterConfig?.TargetArn) checkTarget(input.DeadLetterConfig.TargetArn);
  checkVariables(input.Environment?.Variables ?? {});
}

function checkVariables(variables: Record<string, string>): void {
  const reserved = Object.keys(variables).filter((name) => reservedVariables.test(name));
  if (reserved.length > 0) {
    throw invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  const bad = Object.keys(variables).find((name) => !/^[a-zA-Z][a-zA-Z0-9_]+$/.test(name));
  if (bad !== undefined)
    throw invalid(`environment variable names have at least two letters, digits or "_", got "${bad}"`);
  if (Buffer.byteLength(JSON.stringify(variables)) > maxEnvironmentBytes) {
    throw invalid(
      'Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.',
    );
  }
}

/** A layer version by its ARN. */
export function findLayerVersion(state: LambdaState, arn: string): LayerVersion | undefined {
  const [, name, number] = /:layer:([a-zA-Z0-9-_]+):(\d+)$/.exec(arn) ?? [];
  return state.layers.get(name ?? '')?.versions.find((each) => each.version === Number(number));
}

/** The layers that an input names; undefined where it names none. Throws `InvalidParameterValueException`. */
export function layersOf(
  state: LambdaState,
  arns: readonly string[] | undefined | null,
): readonly LayerVersion[] | undefined {
  if (!arns) return undefined;
  if (arns.length > maxLayers) throw invalid(`Cannot reference more than ${maxLayers} layers.`);
  return arns.map((arn) => {
    const found = findLayerVersion(state, arn);
    if (!found) throw invalid(`Layer version ${arn} does not exist.`);
    return found;
  });
}
