import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../../../service.ts';
import type { LambdaState } from '../state.ts';

/** Removes what no function or layer runs from any more, and what a process that was killed has left. */
export function removeLeftovers(cloud: Cloud, state: LambdaState): void {
  if (!cloud.store.persistent) return;
  const used = new Set<string>();
  for (const { latest, published } of state.functions.values()) {
    for (const { codeFolder, layerFolders } of [latest, ...published]) {
      for (const folder of [codeFolder, ...layerFolders]) used.add(folder);
    }
  }
  for (const { versions } of state.layers.values()) for (const { folder } of versions) used.add(folder);
  for (const name of ['lambda-code', 'lambda-environments']) {
    const parent = cloud.store.folder(name);
    for (const entry of readdirSync(parent)) {
      const path = join(parent, entry);
      if (!used.has(path)) rmSync(path, { recursive: true, force: true });
    }
  }
}
