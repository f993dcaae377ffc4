import { partitionKey } from '../../iceberg/partition-spec.ts';
import type { TableDataFile } from '../publish/read-table.ts';

/** Files of a table that become fewer. */
export interface FileGroup {
  /** Folder of their partition below the run's, empty or with a "/" behind it. */
  readonly folder: string;
  readonly files: readonly TableDataFile[];
}

/** Share of the target from which a file is large enough. */
const enough = 0.75;

/**
 * Groups of small files that lie in the same partition, each worth merging: it becomes fewer files of about the target.
 * @param fileBytes the target
 */
export function smallFiles(files: readonly TableDataFile[], fileBytes: number): FileGroup[] {
  const small = files.filter(({ bytes }) => bytes < fileBytes * enough);
  // Not by their folders, which have the names that columns had when they were written.
  return [...Map.groupBy(small, ({ partition }) => partitionKey(partition)).values()].flatMap((own) => {
    const bytes = own.reduce((sum, file) => sum + file.bytes, 0);
    return own.length > Math.ceil(bytes / fileBytes) ? [{ folder: folderOf(own.at(-1)!), files: own }] : [];
  });
}

/** What stands between the run's part of a key and the file's name. */
function folderOf({ key }: TableDataFile): string {
  return /\/data\/[^/]+\/(.*\/)?[^/]+$/.exec(key)?.[1] ?? '';
}
