import type { FileRule, Plan } from '../component/plan.ts';
import type { Platform } from './platform.ts';

/** Files that no run takes before their set is complete. */
export interface OpenSet {
  /** Folder, or prefix of the trigger. */
  readonly place: string;
  readonly files: number;
  /** Number of the batch of the place, from 1. Absent: a marker completes it. */
  readonly number?: number;
  /** When its window is over, in milliseconds since the epoch. */
  readonly until?: number;
  /** Name of the file that completes it. */
  readonly marker?: string;
  /** How many files complete it. */
  readonly count?: number;
  /** True where there may be more files than were looked at. Absent: there are none. */
  readonly more?: true;
}

/** All sets that were found. */
export interface OpenSets {
  readonly sets: readonly OpenSet[];
  /** Prefixes that hold more objects than were looked at. */
  readonly unseen: readonly string[];
}

/** Objects that are looked at below a prefix: ten pages of a list, a second or two. */
export const mostObjects = 10_000;

type Surroundings = Pick<Platform, 'arrivals' | 'objects' | 'runs'>;

/** All that waits for other files, of the plan that is deployed. */
export async function openSets(platform: Surroundings, pipeline: string, plan?: Plan): Promise<OpenSets> {
  const rules = (plan?.triggers ?? []).filter((one) => one.kind === 'file');
  const counted = (place: string) => {
    const complete = rules.find(({ prefix }) => place.startsWith(prefix))?.complete;
    return complete && 'count' in complete ? { count: complete.count } : {};
  };
  const batches = (await platform.arrivals.open(pipeline)).map(({ place, number, files, until }) => {
    return { place, number, files, ...(until !== undefined && { until }), ...counted(place) };
  });
  const marked = await Promise.all(rules.map((rule) => unmarkedFolders(platform, pipeline, rule)));
  return {
    sets: [...batches, ...marked.flatMap(({ sets }) => sets)],
    unseen: marked.flatMap(({ unseen }) => unseen),
  };
}

interface Folder {
  /** When its marker came last. Absent: never. */
  markedAt?: number;
  readonly files: { readonly key: string; readonly versionId: string; readonly at: number }[];
}

/**
 * Nobody is told of files in a folder that a marker completes, so the lake is looked through: those wait that came after
 * the last marker, and that no run has taken.
 */
async function unmarkedFolders(
  { objects, runs }: Surroundings,
  pipeline: string,
  { prefix, complete }: FileRule,
): Promise<OpenSets> {
  if (!complete || !('marker' in complete)) return { sets: [], unseen: [] };
  const { marker } = complete;
  const folders = new Map<string, Folder>();
  let seen = 0;
  let unseen: string | undefined;
  for await (const { key, size, versionId = '', modifiedAt: at = 0 } of objects.list(prefix)) {
    if (seen++ === mostObjects) {
      unseen = key;
      break;
    }
    const place = key.slice(0, key.lastIndexOf('/') + 1);
    const folder = folders.get(place) ?? { files: [] };
    folders.set(place, folder);
    if (key === `${place}${marker}`) folder.markedAt = at;
    // A console makes folders of empty objects.
    else if (size > 0 || key !== place) folder.files.push({ key, versionId, at });
  }
  const open: OpenSet[] = [];
  for (const [place, folder] of folders) {
    // Keys come in order: only of folders around the first one that was left out, there may be more.
    const more = unseen?.startsWith(place) === true;
    if (more) folder.markedAt ??= await markedAt(objects, `${place}${marker}`);
    const { files, markedAt: marked = Number.NEGATIVE_INFINITY } = folder;
    const later = files.filter(({ at }) => at > marked);
    const taken = later.length > 0 ? await runs.consumed(pipeline, '', later) : [];
    const left = later.length - taken.length;
    if (left > 0) open.push({ place, files: left, marker, ...(more && { more }) });
  }
  return { sets: open, unseen: unseen === undefined ? [] : [prefix] };
}

/** When a marker was put there; undefined where it is not. */
async function markedAt(objects: Surroundings['objects'], marker: string): Promise<number | undefined> {
  for await (const { key, modifiedAt = 0 } of objects.list(marker)) return key === marker ? modifiedAt : undefined;
  return undefined;
}

/** `2 files of landing/visits/ for _SUCCESS`. */
export function waitsForText({ marker, count, files }: OpenSet): string {
  if (marker !== undefined) return marker;
  return count === undefined ? 'others' : `${count - files} more`;
}
