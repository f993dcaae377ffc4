import type { Cloud } from '../service.ts';
import type { DeletionPolicy } from '../template/template.ts';

/** What is remembered of one resource, so that a restart finds it again instead of making it again. */
export interface ResourceRecord {
  readonly type: string;
  /** `creating` marks a creation that may not have come to its end. `replaced` waits to be deleted. */
  readonly status: 'creating' | 'ready' | 'replaced';
  /** Counts replacements; part of generated names. */
  readonly generation: number;
  readonly physicalId: string;
  readonly ref: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly properties: any;
  /** Local paths of the assets that were used, by `bucket/key`. */
  readonly assets: Readonly<Record<string, string>>;
  readonly dependencies: readonly string[];
  readonly deletionPolicy: DeletionPolicy;
}

/** Stands for the endpoint in stored refs and attributes: a restart may come up on another port. */
export const endpointMark = '\u0001endpoint\u0001';

const resourcesIn = (cloud: Cloud) => cloud.store.collection<ResourceRecord>('cloudformation.resources');

/** Names of the stacks that have been provisioned in this cloud, now or in an earlier start; `outermost` are in no other one. */
export function stacksOnRecord(cloud: Cloud): { readonly all: Set<string>; readonly outermost: Set<string> } {
  const records = resourcesIn(cloud);
  const all = new Set([...records.keys()].map((key) => key.slice(0, key.indexOf('/'))));
  const nested = new Set(
    [...records.values()].filter(({ type }) => type === 'AWS::CloudFormation::Stack').map((one) => one.physicalId),
  );
  return { all, outermost: all.difference(nested) };
}

/** Everything on record, as `<stack>/<logical id>`. */
export function resourcesOnRecord(cloud: Cloud): Set<string> {
  return new Set(resourcesIn(cloud).keys());
}

/** The records of one stack, by logical id. */
export class ResourceRecords {
  readonly stackName: string;
  readonly #cloud: Cloud;
  readonly #prefix: string;

  constructor(cloud: Cloud, stackName: string) {
    this.stackName = stackName;
    this.#cloud = cloud;
    this.#prefix = `${stackName}/`;
  }

  get(logicalId: string): ResourceRecord | undefined {
    const stored = this.#resources.get(this.#prefix + logicalId);
    return stored && this.#withIdentity(stored, endpointMark, this.#cloud.endpoint);
  }

  set(logicalId: string, record: ResourceRecord): void {
    this.#resources.set(this.#prefix + logicalId, this.#withIdentity(record, this.#cloud.endpoint, endpointMark));
  }

  delete(logicalId: string): void {
    this.#resources.delete(this.#prefix + logicalId);
  }

  all(): [logicalId: string, record: ResourceRecord][] {
    const ids = [...this.#resources.keys()].filter((key) => key.startsWith(this.#prefix));
    return ids.map((key) => key.slice(this.#prefix.length)).map((id) => [id, this.get(id)!]);
  }

  /** The generation that a new resource of this id gets: above that of a retained one, whose name is taken. */
  firstGeneration(logicalId: string): number {
    return this.#generations.get(this.#prefix + logicalId) ?? 0;
  }

  /** Forgets a resource that stays behind in its service. */
  retain(logicalId: string, record: ResourceRecord): void {
    const next = Math.max(record.generation + 1, this.firstGeneration(logicalId));
    this.#generations.set(this.#prefix + logicalId, next);
  }

  get #resources() {
    return resourcesIn(this.#cloud);
  }

  get #generations() {
    return this.#cloud.store.collection<number>('cloudformation.generations');
  }

  #withIdentity(record: ResourceRecord, from: string, to: string): ResourceRecord {
    const swap = <T>(value: T): T =>
      JSON.parse(JSON.stringify(value).replaceAll(JSON.stringify(from).slice(1, -1), JSON.stringify(to).slice(1, -1)));
    return { ...record, ref: swap(record.ref), attributes: swap(record.attributes) };
  }
}
