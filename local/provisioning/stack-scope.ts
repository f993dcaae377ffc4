import { createHash } from 'node:crypto';
import type { Cloud } from '../service.ts';
import type { ParameterValue } from '../template/parameters.ts';
import { resolve } from '../template/resolve.ts';
import { type Scope, TemplateError } from '../template/scope.ts';
import type { Template } from '../template/template.ts';
import { reachable } from './reachable.ts';
import type { ResourceRecords } from './records.ts';

export interface StackScopeOptions {
  readonly stackName: string;
  readonly template: Template;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  /** The value of an export; undefined where no stack has it. */
  readonly exported: (name: string) => unknown;
  readonly cloud: Pick<Cloud, 'accountId' | 'region' | 'endpoint'>;
  readonly records: ResourceRecords;
}

/** What the intrinsic functions of one stack see: its parameters, conditions, mappings and the resources made so far. */
export function stackScope({ stackName, template, parameters, exported, cloud, records }: StackScopeOptions) {
  const pseudo = pseudoParameters(stackName, cloud);
  const conditions = new Map<string, boolean>();
  const at = (place: string): Scope => ({
    place,
    region: cloud.region,
    ref(name) {
      if (name in pseudo) return pseudo[name];
      const parameter = parameters.get(name);
      if (parameter !== undefined) return parameter;
      return resource(name, place).ref;
    },
    attribute(logicalId, attribute) {
      const { attributes, type } = resource(logicalId, place);
      const value = attributes[attribute];
      if (value === undefined) throw new TemplateError(place, `${type} ${logicalId} has no attribute ${attribute}`);
      return value;
    },
    condition(name) {
      const known = conditions.get(name);
      if (known !== undefined) return known;
      const condition = template.Conditions[name];
      if (condition === undefined) throw new TemplateError(place, `the template has no condition ${name}`);
      const holds = resolve(condition, at(`${stackName}/Conditions/${name}`)) === true;
      conditions.set(name, holds);
      return holds;
    },
    mapping: (name) => template.Mappings[name],
    exported(name) {
      const value = exported(name);
      if (value !== undefined) return value;
      throw new TemplateError(place, `no stack exports ${name}`);
    },
    reachable: (text) => reachable(text, cloud),
  });
  const resource = (logicalId: string, place: string) => {
    const record = Object.hasOwn(template.Resources, logicalId) ? records.get(logicalId) : undefined;
    if (!record) throw new TemplateError(place, `there is no parameter or resource ${logicalId}`);
    return record;
  };
  return at;
}

/** A stack's ARN, the same whenever it is provisioned again. */
export function stackId(stackName: string, { accountId, region }: Pick<Cloud, 'accountId' | 'region'>): string {
  const hash = createHash('sha256').update(`${accountId}/${region}/${stackName}`).digest('hex');
  const parts = [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)];
  return `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/${parts.join('-')}`;
}

function pseudoParameters(
  stackName: string,
  { accountId, region }: Pick<Cloud, 'accountId' | 'region'>,
): Record<string, unknown> {
  return {
    'AWS::AccountId': accountId,
    'AWS::Region': region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stackName,
    'AWS::StackId': stackId(stackName, { accountId, region }),
    'AWS::NotificationARNs': [],
  };
}
