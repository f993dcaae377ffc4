import { createReadStream, readdirSync, type Stats, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Plan } from '../component/plan.ts';
import { CommandInputError } from './errors.ts';
import type { Platform } from './platform.ts';

/** A file of this machine and the name that it goes by in the lake. */
export interface LocalFile {
  readonly path: string;
  readonly name: string;
}

/** The files that a path stands for: itself, or all in a folder, named by their place in it. Hidden ones are left out. */
export function filesAt(path: string): LocalFile[] {
  if (!statOf(path).isDirectory()) return [{ path, name: basename(path) }];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: file, name: relative(path, file).split(sep).join('/') }))
    .filter(({ name }) => !/(^|\/)\./.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (files.length > 0) return files;
  throw new CommandInputError({
    problem: 'there is no file in the folder',
    received: path,
    allowed: 'a file, or a folder with files that are not hidden',
    change: 'correct the path',
  });
}

/** Where a file of this name belongs: a reference that the plan reads by its key, or the folder whose files start runs. */
export function landingKey(plan: Plan, name: string): string {
  const keys = plan.nodes.flatMap((node) =>
    node.kind === 'source' && typeof node.options.key === 'string' ? [node.options.key] : [],
  );
  const reference = keys.find((key) => basename(key) === basename(name));
  if (reference) return reference;
  const trigger = plan.triggers.find((one) => one.kind === 'file');
  if (trigger?.kind === 'file') return `${trigger.prefix}${name}`;
  throw new CommandInputError({
    problem: `the pipeline "${plan.pipeline}" waits for no files`,
    received: name,
    allowed: keys.length > 0 ? keys.map((key) => basename(key)) : 'a pipeline with fileArrives()',
    change: 'say where it belongs with --key',
  });
}

/** True where an object of this key starts a run of the plan. */
export function startsRun(plan: Plan, key: string): boolean {
  return plan.triggers.some((one) => one.kind === 'file' && key.startsWith(one.prefix));
}

/** Puts a file into the lake. Returns the version that it became. */
export async function dropFile(platform: Platform, file: string, key: string): Promise<string | undefined> {
  const command = new PutObjectCommand({
    Bucket: platform.address.lake,
    Key: key,
    Body: createReadStream(file),
    ContentLength: statOf(file).size,
  });
  return (await platform.s3.send(command)).VersionId;
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    throw new CommandInputError({
      problem: 'there is no such file',
      received: path,
      allowed: 'a file or a folder on this machine',
      change: 'correct the path',
      cause,
    });
  }
}
