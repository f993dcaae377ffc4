import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import { refuseUnknown } from '../../../requests/known-members.ts';
import { paginate } from '../../../requests/paginate.ts';
import type { CallContext, Operation } from '../../../service.ts';
import type { SecureValues } from '../../kms/secure-values.ts';
import { validation } from '../errors.ts';
import { type Parameter, type Parameters, parameterNotFound, type Version } from '../parameters.ts';

const maxNames = 10;

/** Reading parameters: one, several, by path, their history, their description. */
export function readOperations(parameters: Parameters, secrets: SecureValues): Record<string, Operation> {
  /** Of a SecureString the caller gets the ciphertext unless it asks for more. */
  const plainValue = async ({ name }: Parameter, { type, value }: Version, decrypt: unknown, context: CallContext) => {
    if (type !== 'SecureString' || decrypt !== true) return value;
    return (await secrets.open(value, { PARAMETER_ARN: parameters.arn(name) }, context)).toString('utf8');
  };
  const shown = async (
    parameter: Parameter,
    version: Version,
    decrypt: unknown,
    context: CallContext,
    Selector?: string,
  ) => ({
    Name: parameter.name,
    Type: version.type,
    Value: await plainValue(parameter, version, decrypt, context),
    Version: version.version,
    Selector,
    LastModifiedDate: new Date(version.modifiedAt),
    ARN: parameters.arn(parameter.name),
    DataType: version.dataType,
  });
  return {
    GetParameter: async (input, context) => {
      refuseUnknown('ssm:GetParameter', input, ['Name', 'WithDecryption']);
      const { parameter, version, selector } = parameters.select(String(input.Name));
      return { Parameter: await shown(parameter, version, input.WithDecryption, context, selector) };
    },
    GetParameters: async (input, context) => {
      refuseUnknown('ssm:GetParameters', input, ['Names', 'WithDecryption']);
      const names: string[] = input.Names ?? [];
      if (names.length < 1 || names.length > maxNames)
        throw validation(`Member must have length between 1 and ${maxNames}`);
      const found: object[] = [];
      const InvalidParameters: string[] = [];
      for (const name of names) {
        try {
          const { parameter, version, selector } = parameters.select(name);
          found.push(await shown(parameter, version, input.WithDecryption, context, selector));
        } catch (error) {
          if (!(error instanceof AwsError) || !/^Parameter(Version)?NotFound$/.test(error.code)) throw error;
          InvalidParameters.push(name);
        }
      }
      return { Parameters: found, InvalidParameters };
    },
    GetParametersByPath: async (input, context) => {
      refuseUnknown('ssm:GetParametersByPath', input, [
        'Path',
        'Recursive',
        'WithDecryption',
        'MaxResults',
        'NextToken',
      ]);
      if (!String(input.Path).startsWith('/')) throw validation('The parameter path must begin with a slash.');
      const prefix = input.Path.endsWith('/') ? input.Path : `${input.Path}/`;
      const inside = parameters
        .all()
        .filter(
          ({ name }) =>
            name.startsWith(prefix) && (input.Recursive === true || !name.slice(prefix.length).includes('/')),
        );
      const { page, next: NextToken } = paginate(inside, {
        token: input.NextToken,
        size: input.MaxResults ?? 10,
        most: 10,
      });
      const Parameters = await Promise.all(
        page.map((one) => shown(one, one.versions.at(-1)!, input.WithDecryption, context)),
      );
      return { Parameters, NextToken };
    },
    GetParameterHistory: async (input, context) => {
      refuseUnknown('ssm:GetParameterHistory', input, ['Name', 'WithDecryption', 'MaxResults', 'NextToken']);
      const parameter = parameters.find(parameters.parse(String(input.Name)).name);
      if (!parameter) throw parameterNotFound();
      const { page, next: NextToken } = paginate(parameter.versions, {
        token: input.NextToken,
        size: input.MaxResults ?? 50,
        most: 50,
      });
      const Parameters = await Promise.all(
        page.map(async (version) => ({
          ...described(parameter, version),
          Value: await plainValue(parameter, version, input.WithDecryption, context),
          Labels: version.labels,
        })),
      );
      return { Parameters, NextToken };
    },
    DescribeParameters: async (input) => {
      refuseUnknown('ssm:DescribeParameters', input, ['ParameterFilters', 'MaxResults', 'NextToken']);
      const tests = (input.ParameterFilters ?? []).map(filter);
      const found = parameters
        .all()
        .filter((parameter) => tests.every((test: (one: Parameter) => boolean) => test(parameter)));
      const { page, next: NextToken } = paginate(found, {
        token: input.NextToken,
        size: input.MaxResults ?? 50,
        most: 50,
      });
      return {
        Parameters: page.map((one) => ({ ...described(one, one.versions.at(-1)!), ARN: parameters.arn(one.name) })),
        NextToken,
      };
    },
  };
}

function described({ name }: Parameter, version: Version) {
  return {
    Name: name,
    Type: version.type,
    KeyId: version.type === 'SecureString' ? (version.keyId ?? 'alias/aws/ssm') : undefined,
    LastModifiedDate: new Date(version.modifiedAt),
    LastModifiedUser: version.modifiedBy,
    Description: version.description,
    AllowedPattern: version.allowedPattern,
    Version: version.version,
    Tier: version.tier,
    Policies: [],
    DataType: version.dataType,
  };
}

function filter({ Key, Option = 'Equals', Values = [] }: any): (parameter: Parameter) => boolean {
  const test = (text: string) =>
    Values.some((value: string) =>
      Option === 'BeginsWith' ? text.startsWith(value) : Option === 'Contains' ? text.includes(value) : text === value,
    );
  switch (Key) {
    case 'Name':
      return ({ name }) => test(name);
    case 'Type':
      return ({ versions }) => test(versions.at(-1)!.type);
    case 'Path':
      return ({ name }) =>
        Values.some((path: string) => {
          const prefix = path.endsWith('/') ? path : `${path}/`;
          return name.startsWith(prefix) && (Option === 'Recursive' || !name.slice(prefix.length).includes('/'));
        });
    default:
      throw new NotSupportedError(`the parameter filter ${Key}`);
  }
}
