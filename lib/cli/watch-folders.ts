import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join, relative } from 'node:path';

/** Editors write a file in several steps. */
const settleMilliseconds = 40;
const passedOver = new Set(['node_modules', 'cdk.out']);

/**
 * Tells of files that change under `root`, all that change together at once, by their paths relative to it. Hidden files,
 * packages and the cloud assembly are passed over. The answer stops it.
 */
export function watchFolders(root: string, changed: (files: readonly string[]) => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  const pending = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  function add(folder: string): void {
    if (watchers.has(folder)) return;
    const watcher = watch(folder, (kind, name) => {
      if (name === null || isPassedOver(name)) return;
      // A folder that has come is watched, too; one that has gone lets go of its watcher by itself.
      if (kind === 'rename') addAll(folder);
      pending.add(relative(root, join(folder, name)));
      clearTimeout(timer);
      timer = setTimeout(tell, settleMilliseconds);
    });
    const forget = () => {
      watcher.close();
      watchers.delete(folder);
    };
    watcher.on('error', forget);
    watchers.set(folder, watcher);
  }

  function addAll(folder: string): void {
    try {
      add(folder);
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (entry.isDirectory() && !isPassedOver(entry.name)) addAll(join(folder, entry.name));
      }
    } catch (error) {
      // It was there a moment ago.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  function tell(): void {
    const files = [...pending].sort();
    pending.clear();
    changed(files);
  }

  addAll(root);
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
  };
}

const isPassedOver = (name: string) => name.startsWith('.') || passedOver.has(name);
