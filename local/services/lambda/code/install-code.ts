import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../../../service.ts';
import { invalid, knownMembers } from '../known-members.ts';
import { maxUnzippedBytes, unzip } from './unzip.ts';

/** Where code comes from: an archive, or (in-process only) a folder that it runs from directly. */
export interface CodeSource {
  readonly ZipFile?: Uint8Array;
  readonly LocalPath?: string;
}

export interface InstalledCode {
  readonly folder: string;
  /** Base64, as the API prints it. Of a folder: over its names, sizes and times. */
  readonly sha256: string;
  /** Bytes of the archive, or of the folder's files. */
  readonly size: number;
}

/** Makes code ready to run. `operation` is named in errors. Throws `InvalidParameterValueException`. */
export function installCode(cloud: Cloud, operation: string, source: CodeSource): InstalledCode {
  knownMembers(operation, { ...source }, ['ZipFile', 'LocalPath']);
  if (source.LocalPath !== undefined) return fromFolder(source.LocalPath);
  if (!source.ZipFile || source.ZipFile.length === 0) throw invalid('Uploaded file must be a non-empty zip');
  return fromArchive(cloud, Buffer.from(source.ZipFile));
}

/** Archives are unpacked once for each content, under its digest. */
function fromArchive(cloud: Cloud, archive: Buffer): InstalledCode {
  const digest = createHash('sha256').update(archive).digest();
  const parent = cloud.store.folder('lambda-code');
  const folder = join(parent, digest.toString('hex'));
  if (!existsSync(folder)) {
    const unfinished = join(parent, `unfinished-${randomUUID()}`);
    try {
      unzip(archive, unfinished);
      renameSync(unfinished, folder);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  return { folder, sha256: digest.toString('base64'), size: archive.length };
}

function fromFolder(folder: string): InstalledCode {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw invalid(`LocalPath must be an existing folder, got "${folder}"`);
  }
  const hash = createHash('sha256');
  let size = 0;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  for (const path of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
    const status = statSync(path);
    size += status.size;
    hash.update(`${path}\0${status.size}\0${status.mtimeMs}\n`);
  }
  if (size > maxUnzippedBytes) throw invalid(`Unzipped size must be smaller than ${maxUnzippedBytes} bytes`);
  return { folder, sha256: hash.digest('base64'), size };
}
