import { NotSupportedError } from '../aws-error.ts';
import { resourceType } from '../resources/registry.ts';
import { TemplateError } from '../template/scope.ts';
import type { TemplateResource } from '../template/template.ts';
import type { ResourceRecord, ResourceRecords } from './records.ts';
import { openContext } from './resource-context.ts';
import type { Provisioned, ResourceType } from './resource-type.ts';
import { readProperties } from './shape.ts';
import type { Surroundings } from './surroundings.ts';

/** One resource of a template whose properties have been resolved. */
export interface ResolvedResource {
  readonly stackName: string;
  readonly logicalId: string;
  readonly resource: TemplateResource;
  readonly properties: unknown;
  readonly dependencies: readonly string[];
}

export type Change = 'created' | 'updated' | 'replaced' | 'unchanged';

/** Brings one resource to what the template says. */
export async function provisionResource(
  { stackName, logicalId, resource, properties, dependencies }: ResolvedResource,
  records: ResourceRecords,
  surroundings: Surroundings,
): Promise<Change> {
  const type = await resourceType(resource.Type);
  const place = `${type.type} (${stackName}/${logicalId})`;
  if (resource.DeletionPolicy === 'Snapshot' || resource.UpdateReplacePolicy === 'Snapshot')
    throw new NotSupportedError(`the policy Snapshot of ${place}`);
  const wanted = readProperties(type.properties, properties, place);
  let before = records.get(logicalId);
  if (before && (before.status === 'creating' || before.type !== type.type)) {
    await removeRemains(logicalId, before, records, surroundings);
    before = undefined;
  }
  const common = {
    type: type.type,
    properties: wanted,
    dependencies,
    deletionPolicy: resource.DeletionPolicy ?? 'Delete',
  } as const;
  const context = openContext(surroundings, {
    stackName,
    logicalId,
    generation: before?.generation ?? records.firstGeneration(logicalId),
  });

  const setAside = () => {
    if (!before) return;
    if (resource.UpdateReplacePolicy === 'Retain') records.retain(logicalId, before);
    else records.set(`${logicalId}#${before.generation}`, { ...before, status: 'replaced' });
  };
  if (before && !type.alwaysUpdated && !hasChanged(before, wanted, surroundings)) {
    records.set(logicalId, { ...before, ...common });
    return 'unchanged';
  }
  if (before && type.update && !replaces(type, before.properties, wanted)) {
    const previous = { physicalId: before.physicalId, properties: before.properties };
    const made = await type.update(wanted, context, previous);
    const after = { ...before, ...common, ...stateOf(made), assets: context.usedAssets };
    if (made.physicalId === before.physicalId) {
      records.set(logicalId, after);
      return hasChanged(before, wanted, surroundings) ? 'updated' : 'unchanged';
    }
    // A custom resource says by another id that the one before is to be deleted.
    surroundings.cloud.store.transaction(() => {
      setAside();
      records.set(logicalId, { ...after, generation: before.generation + 1 });
    });
    return 'replaced';
  }
  const generation = before ? before.generation + 1 : records.firstGeneration(logicalId);
  const fresh = openContext(surroundings, { stackName, logicalId, generation }, (physicalId) => {
    if (before?.physicalId === physicalId) {
      throw new TemplateError(place, `a resource named by its template cannot be replaced: rename "${physicalId}"`);
    }
    surroundings.cloud.store.transaction(() => {
      setAside();
      records.set(logicalId, {
        ...common,
        status: 'creating',
        generation,
        physicalId,
        ref: '',
        attributes: {},
        assets: {},
      });
    });
  });
  const made = await type.create(wanted, fresh);
  surroundings.cloud.store.transaction(() => {
    // Types without names have not told of a new one before it was made.
    if (records.get(logicalId)?.status !== 'creating') setAside();
    records.set(logicalId, { ...common, status: 'ready', generation, ...stateOf(made), assets: fresh.usedAssets });
  });
  return before ? 'replaced' : 'created';
}

/** Deletes what a record speaks of from its service, or leaves it there where its deletion policy says so. */
export async function removeResource(
  logicalId: string,
  record: ResourceRecord,
  records: ResourceRecords,
  surroundings: Surroundings,
): Promise<void> {
  const { status, deletionPolicy } = record;
  const isNew = surroundings.before?.has(`${records.stackName}/${logicalId}`) === false;
  const stays = deletionPolicy === 'Retain' || (deletionPolicy === 'RetainExceptOnCreate' && !isNew);
  if (status === 'ready' && stays) records.retain(logicalId, record);
  else await removeRemains(logicalId, record, records, surroundings);
  records.delete(logicalId);
}

async function removeRemains(
  recordId: string,
  { type: typeName, physicalId, properties, generation }: ResourceRecord,
  records: ResourceRecords,
  surroundings: Surroundings,
): Promise<void> {
  const type = await resourceType(typeName);
  // A resource that was replaced is on record as `<id>#<generation>`.
  const logicalId = recordId.split('#')[0]!;
  const context = openContext(surroundings, { stackName: records.stackName, logicalId, generation });
  await type.delete(physicalId, context, properties);
  records.delete(recordId);
}

function hasChanged(before: ResourceRecord, wanted: unknown, surroundings: Surroundings): boolean {
  if (JSON.stringify(before.properties) !== JSON.stringify(wanted)) return true;
  return Object.entries(before.assets).some(([name, path]) => surroundings.assets.get(name)?.path !== path);
}

function replaces(type: ResourceType, before: any, wanted: any): boolean {
  return (type.replacedBy ?? []).some((name) => JSON.stringify(before[name]) !== JSON.stringify(wanted[name]));
}

function stateOf(made: Provisioned) {
  return {
    physicalId: made.physicalId,
    ref: made.ref ?? made.physicalId,
    attributes: made.attributes ?? {},
  };
}
