import { AwsError } from '../../aws-error.ts';
import { jsonHttp } from '../../protocols/json.ts';
import { readTags, shownTags, withoutTags } from '../../requests/tags.ts';
import type { Operation, Permission, ServiceFactory } from '../../service.ts';
import { SecureValues } from '../kms/secure-values.ts';
import { validation } from './errors.ts';
import { readOperations } from './operations/get-parameters.ts';
import { putParameter } from './operations/put-parameter.ts';
import { type Parameter, Parameters, parameterNotFound } from './parameters.ts';

/** AWS Systems Manager's Parameter Store. */
export const createSsm: ServiceFactory = (cloud) => {
  const parameters = new Parameters(cloud);
  const secrets = new SecureValues(cloud, 'ssm', { dataKeys: false });
  const tagged = (input: any): Parameter => {
    if (input.ResourceType !== 'Parameter') throw validation(`Invalid resource type: ${input.ResourceType}`);
    const parameter = parameters.find(parameters.parse(String(input.ResourceId)).name);
    if (!parameter)
      throw new AwsError(
        'InvalidResourceId',
        'The resource ID is not valid. Verify that you entered the correct ID and try again.',
      );
    return parameter;
  };
  const operations: Record<string, Operation> = {
    PutParameter: putParameter(cloud, parameters, secrets),
    ...readOperations(parameters, secrets),
    DeleteParameter: async ({ Name }) => {
      if (!parameters.delete(parameters.parse(String(Name)).name)) throw parameterNotFound();
    },
    DeleteParameters: async ({ Names = [] }) => {
      const DeletedParameters = Names.filter((name: string) => parameters.delete(parameters.parse(name).name));
      return {
        DeletedParameters,
        InvalidParameters: Names.filter((name: string) => !DeletedParameters.includes(name)),
      };
    },
    LabelParameterVersion: async ({ Name, ParameterVersion, Labels = [] }) => {
      const { parameter, version } = parameters.select(
        ParameterVersion === undefined ? Name : `${Name}:${ParameterVersion}`,
      );
      const versions = parameter.versions.map((one) => {
        const labels = one.labels.filter((label) => !Labels.includes(label));
        return { ...one, labels: one.version === version.version ? [...labels, ...Labels] : labels };
      });
      parameters.set({ ...parameter, versions });
      return { InvalidLabels: [], ParameterVersion: version.version };
    },
    AddTagsToResource: async (input) => {
      const parameter = tagged(input);
      const tags = readTags(input.Tags);
      parameters.set({ ...parameter, tags: { ...parameter.tags, ...tags } });
    },
    RemoveTagsFromResource: async (input) => {
      const parameter = tagged(input);
      parameters.set({ ...parameter, tags: withoutTags(parameter.tags, input.TagKeys) });
    },
    ListTagsForResource: async (input) => ({
      TagList: shownTags(tagged(input).tags),
    }),
  };
  const permissions = (operation: string, input: any): readonly Permission[] => {
    const action = `ssm:${operation}`;
    const on = (name: unknown): Permission => ({
      action,
      resource: parameters.arn(parameters.parse(String(name)).name),
    });
    if (operation === 'DescribeParameters') return [{ action, resource: '*' }];
    if (Array.isArray(input.Names)) return input.Names.map(on);
    return [on(input.Path ?? input.ResourceId ?? input.Name)];
  };
  return { name: 'ssm', operations, permissions, http: jsonHttp(cloud, 'ssm', { version: '1.1' }) };
};
