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
}

type Surroundings = Pick<Platform, 'arrivals' | 'objects' | 'runs'>;

/** All that waits for other files, of the plan that is deployed. */
export async function openSets(platform: Surroundings, pipeline: string, plan?: Plan): Promise<readonly OpenSet[]> {
  const rules = (plan?.triggers ?? []).filter((one) => one.kind === 'file');
  const counted = (place: string) => {
    const complete = rules.find(({ prefix }) => place.startsWith(prefix))?.complete;
    return complete && 'count' in complete ? { count: complete.count } : {};
  };
  const batches = (await platform.arrivals.open(pipeline)).map(({ place, number, files, until }) => {
    return { place, number, files, ...(until !== undefined && { until }), ...counted(place) };
  });
  const marked = await Promise.all(rules.map((rule) => unmarkedFolders(platform, pipeline, rule)));
  return [...batches, ...marked.flat()];
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
): Promise<OpenSet[]> {
  if (!complete || !('marker' in complete)) return [];
  const { marker } = complete;
  const folders = new Map<string, Folder>();
  for await (const { key, size, versionId = '', modifiedAt: at = 0 } of objects.list(prefix)) {
    const place = key.slice(0, key.lastIndexOf('/') + 1);
    const folder = folders.get(place) ?? { files: [] };
    folders.set(place, folder);
    if (key === `${place}${marker}`) folder.markedAt = at;
    // A console makes folders of empty objects.
    else if (size > 0 || key !== place) folder.files.push({ key, versionId, at });
  }
  const open: OpenSet[] = [];
  for (const [place, { files, markedAt = Number.NEGATIVE_INFINITY }] of folders) {
    const later = files.filter(({ at }) => at > markedAt);
    const taken = later.length > 0 ? await runs.consumed(pipeline, '', later) : [];
    const left = later.length - taken.length;
    if (left > 0) open.push({ place, files: left, marker });
  }
  return open;
}

/** `2 files of landing/visits/ for _SUCCESS`. */
export function waitsForText({ marker, count, files }: OpenSet): string {
  if (marker !== undefined) return marker;
  return count === undefined ? 'others' : `${count - files} more`;
}
