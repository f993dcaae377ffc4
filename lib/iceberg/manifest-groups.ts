import type { ManifestSummary } from './manifest-list.ts';

/** Readers open every manifest, and each commit lists all of them: with so many, small ones become one. */
export const manyManifests = 100;
const fullBytes = 8 * 1024 * 1024;

/**
 * Manifests of one layout that fit in a manifest together, from two on. The latest only once there are many of them: each
 * commit adds one, and would write those before it again.
 * @param manifests oldest first
 */
export function manifestGroups(manifests: readonly ManifestSummary[]): readonly (readonly ManifestSummary[])[] {
  return [...Map.groupBy(manifests, ({ specId }) => specId).values()].flatMap((alike) => {
    const groups: ManifestSummary[][] = [];
    let bytes = 0;
    for (const manifest of alike) {
      bytes += manifest.bytes;
      if (groups.length === 0 || bytes > fullBytes) {
        groups.push([]);
        bytes = manifest.bytes;
      }
      groups.at(-1)!.push(manifest);
    }
    const last = groups.length - 1;
    return groups.filter((group, index) => group.length >= (index === last ? manyManifests : 2));
  });
}
