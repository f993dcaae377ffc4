import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { placeOf } from '../../component/output-place.ts';
import { placeOptions, placeWithout } from '../../component/parameter-place.ts';
import type { Plan } from '../../component/plan.ts';
import type { Lake } from '../lake.ts';

/** Places of a pipeline in the lake: prefixes, which end in `/`, and keys. */
export interface LakePlaces {
  /** What its sources read. */
  readonly sources: readonly string[];
  /** One prefix for each table that it reads. */
  readonly sourceTables: readonly string[];
  readonly staged: string;
  readonly rejects: string;
  readonly reports: string;
  /** One prefix for each table and export that it publishes. */
  readonly tables: readonly string[];
}

export function lakePlaces(plan: Plan): LakePlaces {
  const { pipeline } = plan;
  return {
    sources: [...new Set([...sourcePlaces(plan), ...triggerPlaces(plan)])].sort(),
    sourceTables: sourceTables(plan).map((table) => `curated/${table}/`),
    staged: `staged/${pipeline}/`,
    rejects: `rejects/${pipeline}/`,
    reports: `reports/${pipeline}/`,
    tables: outputPlaces(plan),
  };
}

function outputPlaces({ nodes }: Plan): readonly string[] {
  return [...new Set(nodes.flatMap((node) => (node.kind === 'output' ? [placeOf(node)] : [])))].sort();
}

/** Names of the tables and exports that a plan publishes. */
export function tablesOf({ nodes }: Plan): readonly string[] {
  return [...new Set(nodes.flatMap((node) => (node.kind === 'output' ? [node.table] : [])))].sort();
}

/** Sources that lie in the lake say where by the canonical options `prefix` and `key`. */
function sourcePlaces({ nodes }: Plan): readonly string[] {
  return nodes.flatMap(readOptions).flatMap((options) => {
    const places = placeOptions.flatMap((name) => options[name] ?? []).filter((place) => typeof place === 'string');
    return places.map(placeWithout);
  });
}

/** Names of the tables that sources read, by the canonical option `table`. */
export function sourceTables({ nodes }: Plan): readonly string[] {
  const names = nodes.flatMap(readOptions).map((options) => options.table);
  return [...new Set(names.filter((name) => typeof name === 'string'))].sort();
}

/** Options of what a source reads, and of what it reads instead. */
function readOptions(node: Plan['nodes'][number]): readonly Readonly<Record<string, unknown>>[] {
  if (node.kind !== 'source') return [];
  return [node.options, ...(typeof node.fallback === 'object' ? [node.fallback.options] : [])];
}

function triggerPlaces({ triggers }: Plan): readonly string[] {
  return triggers.flatMap((trigger) => (trigger.kind === 'file' ? [trigger.prefix] : []));
}

/** What may be done with objects of the lake: each action on exact prefixes or keys. */
export class LakeAccess {
  readonly #lake: Lake;

  constructor(lake: Lake) {
    this.#lake = lake;
  }

  read(...places: readonly string[]): PolicyStatement {
    return this.#statement(['s3:GetObject'], places);
  }

  readVersions(...places: readonly string[]): PolicyStatement {
    return this.#statement(['s3:GetObject', 's3:GetObjectVersion'], places);
  }

  /** Large objects go up in parts, which a failed upload must be able to give back. */
  create(...places: readonly string[]): PolicyStatement {
    return this.#statement(['s3:PutObject', 's3:AbortMultipartUpload'], places);
  }

  remove(...places: readonly string[]): PolicyStatement {
    return this.#statement(['s3:DeleteObject'], places);
  }

  /**
   * To list what lies below the places. `ListBucket` is asked for, too, when an object is read that does not exist: a
   * role without it is told that access is denied.
   */
  list(...places: readonly string[]): PolicyStatement {
    return new PolicyStatement({
      actions: ['s3:ListBucket', 's3:ListBucketVersions'],
      resources: [this.#lake.bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': places.map((place) => (place.endsWith('/') ? `${place}*` : place)) } },
    });
  }

  #statement(actions: readonly string[], places: readonly string[]): PolicyStatement {
    return new PolicyStatement({ actions: [...actions], resources: places.map((place) => this.#lake.objects(place)) });
  }
}
