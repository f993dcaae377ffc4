import { AwsError } from '../aws-error.ts';
import { root } from '../iam/authorizer.ts';
import type { StackArtifact } from '../template/assembly.ts';
import { findCycle } from '../template/cycle.ts';
import { parameterValues } from '../template/parameters.ts';
import { references } from '../template/references.ts';
import { resolve } from '../template/resolve.ts';
import { checkRules } from '../template/rules.ts';
import { type Scope, TemplateError } from '../template/scope.ts';
import type { TemplateResource } from '../template/template.ts';
import { resolveDynamicReferences } from './dynamic-references.ts';
import { idleProviders } from './idle-providers.ts';
import { type Change, provisionResource, removeResource } from './provision-resource.ts';
import { ResourceRecords } from './records.ts';
import { stackScope } from './stack-scope.ts';
import type { Surroundings } from './surroundings.ts';

/** A stack that stands. */
export interface ProvisionedStack {
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: Readonly<Record<string, ProvisionedResource>>;
}

export interface ProvisionedResource {
  readonly type: string;
  /** What `Ref` gives: a name, URL or ARN, as CloudFormation has it for the type. */
  readonly ref: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Every resource that could not be made, with the reason of each. What was made stays, and the next attempt goes on from there. */
export class ProvisioningError extends AggregateError {
  constructor(stackName: string, failures: readonly Error[]) {
    super(
      failures,
      `the stack ${stackName} could not be provisioned:\n${failures.map(({ message }) => `  ${message}`).join('\n')}`,
    );
    this.name = 'ProvisioningError';
  }
}

/** Creates, updates and deletes until the stack is what its template says. Resources that do not wait for each other are made at once. */
export async function provisionStack(
  stack: StackArtifact,
  parameters: Readonly<Record<string, string>>,
  surroundings: Surroundings,
): Promise<ProvisionedStack> {
  const { stackName, template } = stack;
  const { cloud, exports } = surroundings;
  const given = { ...stack.parameters, ...parameters };
  const values = await parameterValues(stackName, template.Parameters, given, (name) =>
    systemParameter(name, stack, surroundings),
  );
  const records = new ResourceRecords(cloud, stackName);
  const imported = new Set<string>();
  const use = (name: string) => {
    imported.add(name);
    return exports.get(name);
  };
  const scopeAt = stackScope({ stackName, template, parameters: values, exported: use, cloud, records });
  const scope = scopeAt(stackName);
  checkRules(template.Rules, scope);

  const wanted = new Map(
    Object.entries(template.Resources).filter(([, { Condition }]) => !Condition || scope.condition(Condition)),
  );
  const idle = await idleProviders(wanted);
  for (const logicalId of idle) {
    wanted.delete(logicalId);
    surroundings.log(`${stackName}/${logicalId} is not made: local AWS does its work itself`);
  }
  const withoutIdle = ({ ServiceToken, ...rest }: TemplateResource['Properties'] = {}) =>
    ServiceToken === undefined || [...references(ServiceToken, scope.condition)].some((name) => idle.has(name))
      ? rest
      : { ServiceToken, ...rest };
  const dependencies = new Map(
    [...wanted].map(([id, resource]) => {
      const named = [resource.DependsOn ?? []].flat();
      const used = references(withoutIdle(resource.Properties), scope.condition);
      return [id, new Set([...named, ...used].filter((name) => wanted.has(name)))];
    }),
  );
  const cycle = findCycle(dependencies);
  if (cycle) throw new TemplateError(stackName, `circular dependency between resources: ${cycle.join(' → ')}`);

  const failures: Error[] = [];
  const changes: Change[] = [];
  const started = new Map<string, Promise<boolean>>();
  const provision = (logicalId: string): Promise<boolean> => {
    let outcome = started.get(logicalId);
    if (!outcome) {
      outcome = attempt(logicalId);
      started.set(logicalId, outcome);
    }
    return outcome;
  };
  const attempt = async (logicalId: string): Promise<boolean> => {
    const needed = [...dependencies.get(logicalId)!];
    // What stands on a failed resource is not attempted: its error would only repeat the first one.
    if ((await Promise.all(needed.map(provision))).includes(false)) return false;
    try {
      const resource = wanted.get(logicalId)!;
      const resolved = resolve(withoutIdle(resource.Properties), scopeAt(`${stackName}/${logicalId}`));
      const properties = await resolveDynamicReferences(resolved, surroundings);
      const resolvedResource = { stackName, logicalId, resource, properties, dependencies: needed };
      changes.push(await provisionResource(resolvedResource, records, surroundings));
      return true;
    } catch (error) {
      failures.push(new Error(`${stackName}/${logicalId}: ${describe(error)}`, { cause: error }));
      return false;
    }
  };
  await Promise.all([...wanted.keys()].map(provision));
  if (failures.length) throw new ProvisioningError(stackName, failures);

  const { outputs, exported } = outputsOf(stack, scopeAt);
  await exports.replace(stackName, exported, imported);
  const removed = await removeRest(wanted, records, surroundings);
  surroundings.log(`${stackName}: ${summary(changes, removed)}`);
  return { outputs, resources: resourcesOf(records) };
}

/** Local AWS needs no bootstrap stack, so its version parameter holds whatever version the assembly asks for. */
async function systemParameter(name: string, stack: StackArtifact, { cloud }: Surroundings): Promise<string> {
  if (name === stack.bootstrapParameter) return String(stack.bootstrapVersion);
  const { Parameter } = await cloud.call(
    'ssm',
    'GetParameter',
    { Name: name, WithDecryption: true },
    root(cloud.accountId),
  );
  return Parameter.Value;
}

/** Deletes a stack with everything in it, but for what is to be retained. */
export async function removeStack(stackName: string, surroundings: Surroundings): Promise<void> {
  surroundings.exports.remove(stackName);
  const removed = await removeRest(new Map(), new ResourceRecords(surroundings.cloud, stackName), surroundings);
  surroundings.log(`${stackName}: ${removed} removed`);
}

/** Deletes what the template no longer has, dependants first, and says how many that were. */
async function removeRest(
  wanted: ReadonlyMap<string, unknown>,
  records: ResourceRecords,
  surroundings: Surroundings,
): Promise<number> {
  const rest = new Map(records.all().filter(([id, { status }]) => status === 'replaced' || !wanted.has(id)));
  const { size } = rest;
  while (rest.size) {
    const needed = new Set([...rest.values()].flatMap((record) => record.dependencies));
    const free = [...rest].filter(([id]) => !needed.has(id));
    // A record of a replaced resource may be named by none; if all are needed by each other, order cannot matter.
    for (const [id, record] of free.length ? free : [...rest]) {
      await removeResource(id, record, records, surroundings);
      rest.delete(id);
    }
  }
  return size;
}

function summary(changes: readonly Change[], removed: number): string {
  const counts = Object.entries(Object.groupBy(changes, (change) => change)).map(
    ([kind, list]) => `${list.length} ${kind}`,
  );
  if (removed) counts.push(`${removed} removed`);
  return counts.join(', ') || 'nothing to do';
}

function outputsOf({ stackName, template }: StackArtifact, scopeAt: (place: string) => Scope) {
  const outputs: Record<string, string> = {};
  const exported = new Map<string, string>();
  for (const [name, output] of Object.entries(template.Outputs)) {
    const scope = scopeAt(`${stackName}/Outputs/${name}`);
    if (output.Condition && !scope.condition(output.Condition)) continue;
    outputs[name] = String(resolve(output.Value, scope));
    if (!output.Export) continue;
    exported.set(String(resolve(output.Export.Name, scope)), outputs[name]);
  }
  return { outputs, exported };
}

function resourcesOf(records: ResourceRecords): Record<string, ProvisionedResource> {
  return Object.fromEntries(records.all().map(([id, { type, ref, attributes }]) => [id, { type, ref, attributes }]));
}

function describe(error: unknown): string {
  return error instanceof AwsError ? `${error.message} (${error.code})` : (error as Error).message;
}
