import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import { refuseUnknown } from '../../../requests/known-members.ts';
import type { Cloud, Operation } from '../../../service.ts';
import type { SecureValues } from '../../kms/secure-values.ts';
import { validation } from '../errors.ts';
import type { Parameter, Parameters, ParameterType, Version } from '../parameters.ts';

const members = [
  'Name',
  'Description',
  'Value',
  'Type',
  'KeyId',
  'Overwrite',
  'AllowedPattern',
  'Tags',
  'Tier',
  'DataType',
];
const maxVersions = 100;
const standardBytes = 4096;
const advancedBytes = 8192;

export function putParameter(cloud: Cloud, parameters: Parameters, secrets: SecureValues): Operation {
  return async (input, context) => {
    refuseUnknown('ssm:PutParameter', input, members);
    checkName(input.Name);
    if (input.Overwrite === true && input.Tags?.length) {
      throw validation(
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
      );
    }
    const existing = parameters.find(input.Name);
    if (existing && input.Overwrite !== true) {
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    const before = existing?.versions.at(-1);
    const type: ParameterType = input.Type ?? before?.type;
    if (!['String', 'StringList', 'SecureString'].includes(type)) {
      throw validation('A parameter type is required when you create a parameter.');
    }
    if (before && type !== before.type) {
      throw new AwsError(
        'HierarchyTypeMismatchException',
        `The parameter type cannot be changed from ${before.type} to ${type}: create a new parameter`,
      );
    }
    const tier = tierOf(input);
    checkValue(input, tier);
    if ((input.DataType ?? 'text') !== 'text')
      throw new NotSupportedError(`parameters of the data type ${input.DataType}`);
    const secure = type === 'SecureString';
    const place = { PARAMETER_ARN: parameters.arn(input.Name) };
    const value = secure ? await secrets.seal(Buffer.from(input.Value), input.KeyId, place, context) : input.Value;
    const version: Version = {
      version: (before?.version ?? 0) + 1,
      type,
      value,
      keyId: secure ? input.KeyId : undefined,
      description: input.Description ?? before?.description,
      allowedPattern: input.AllowedPattern,
      dataType: 'text',
      tier,
      modifiedAt: cloud.clock.now(),
      modifiedBy: context.principal.arn,
      labels: [],
    };
    const parameter: Parameter = {
      name: input.Name,
      versions: [...(existing?.versions ?? []), version].slice(-maxVersions),
      tags: existing?.tags ?? Object.fromEntries((input.Tags ?? []).map(({ Key, Value }: any) => [Key, Value])),
    };
    parameters.set(parameter);
    return { Version: version.version, Tier: tier };
  };
}

function checkName(name: unknown): void {
  if (typeof name !== 'string' || !/^[a-zA-Z0-9_.\-/]{1,1011}$/.test(name)) {
    throw validation('Parameter name: can only consist of symbols and letters a-zA-Z0-9_.- and must not be empty');
  }
  if (name.includes('/') && !name.startsWith('/')) throw validation('Parameter name must be a fully qualified name.');
  if (/^\/?(aws|ssm)/i.test(name))
    throw validation('Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).');
  if (name.split('/').length > 16) {
    throw new AwsError('HierarchyLevelLimitExceededException', 'A hierarchy can have a maximum of 15 levels.');
  }
}

function tierOf({ Tier = 'Standard', Value = '' }: any): string {
  if (!['Standard', 'Advanced', 'Intelligent-Tiering'].includes(Tier)) throw validation(`Invalid tier: ${Tier}`);
  if (Tier !== 'Intelligent-Tiering') return Tier;
  return Buffer.byteLength(Value) > standardBytes ? 'Advanced' : 'Standard';
}

function checkValue({ Value, AllowedPattern }: any, tier: string): void {
  if (typeof Value !== 'string' || Value === '') throw validation('Parameter value must not be empty.');
  const limit = tier === 'Advanced' ? advancedBytes : standardBytes;
  if (Buffer.byteLength(Value) > limit) {
    throw validation(`${tier} tier parameters support a maximum parameter value of ${limit} characters.`);
  }
  if (AllowedPattern == null) return;
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^(?:${AllowedPattern})$`);
  } catch {
    throw new AwsError(
      'InvalidAllowedPatternException',
      'The request does not meet the regular expression requirement.',
    );
  }
  if (!pattern.test(Value)) {
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${AllowedPattern}`,
    );
  }
}
