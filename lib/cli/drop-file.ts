import { createReadStream, readdirSync, type Stats, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { FileRule, Plan } from '../component/plan.ts';
import { second } from '../core/durations.ts';
import { CommandInputError } from './errors.ts';
import type { Platform } from './platform.ts';
import { duration } from './print.ts';

/** A folder with more files than this was hardly meant: each would start a run. */
const mostFiles = 100;

/** The files that a path stands for: itself, or all that lie in a folder. Hidden ones and inner folders are left out. */
export function filesAt(path: string): string[] {
  if (!statOf(path).isDirectory()) return [path];
  const files = readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(path, entry.name))
    .sort();
  if (files.length > 0 && files.length <= mostFiles) return files;
  throw new CommandInputError({
    problem: files.length > 0 ? 'there are too many files in the folder' : 'there is no file in the folder',
    received: files.length > 0 ? `${files.length} files in ${path}` : path,
    allowed: `a file, or a folder with 1 to ${mostFiles} files; inner folders and hidden files do not count`,
    change: files.length > 0 ? 'name the files themselves, or put folders with fewer' : 'correct the path',
  });
}

/** Where a file of this name belongs: a reference that the plan reads by its key, or the folder whose files start runs. */
export function landingKey(plan: Plan, file: string): string {
  const name = basename(file);
  const keys = plan.nodes.flatMap((node) =>
    node.kind === 'source' && typeof node.options.key === 'string' ? [node.options.key] : [],
  );
  const reference = keys.find((key) => basename(key) === name) ?? keys.find((key) => canBeNamed(key, name));
  if (reference !== undefined) {
    const folder = reference.slice(0, -basename(reference).length);
    if (!parameterPlace.test(folder)) return `${folder}${name}`;
    throw new CommandInputError({
      problem: `a parameter of the pipeline "${plan.pipeline}" names the folder of this file`,
      received: file,
      allowed: reference,
      change: 'say with --key where it belongs',
    });
  }
  const trigger = plan.triggers.find((one) => one.kind === 'file');
  if (trigger?.kind === 'file') return `${trigger.prefix}${name}`;
  throw new CommandInputError({
    problem: `the pipeline "${plan.pipeline}" waits for no files`,
    received: file,
    allowed: keys.length > 0 ? keys.map((key) => basename(key)) : 'a pipeline with fileArrives()',
    change: 'say where it belongs with --key',
  });
}

/** Where a run puts the value of a parameter into a key. */
const parameterPlace = /\{[^}]*\}/;

/** Whether some values of parameters give the file of a key this name. */
function canBeNamed(key: string, name: string): boolean {
  const fixed = basename(key).split(parameterPlace);
  return new RegExp(`^${fixed.map((part) => RegExp.escape(part)).join('[\\w.=-]+')}$`).test(name);
}

/** True where an object of this key starts a run of the plan by itself. */
export function startsRun(plan: Plan, key: string): boolean {
  const rule = ruleOf(plan, key);
  return rule !== undefined && !rule.window && (!rule.complete || isMarker(rule, key));
}

/** True where a run takes an object of this key because it has arrived, alone or with others. */
export function isAwaited(plan: Plan, key: string): boolean {
  const rule = ruleOf(plan, key);
  return rule !== undefined && (!(rule.complete && 'marker' in rule.complete) || isMarker(rule, key));
}

/** When an object of this key becomes part of a run, where it does not start one by itself. */
export function beginsWith(plan: Plan, key: string): string | undefined {
  if (startsRun(plan, key)) return undefined;
  const { window, complete } = ruleOf(plan, key) ?? {};
  if (window) return `its run starts within ${duration(window.seconds * second)}`;
  if (!complete) return 'starts no run';
  return 'marker' in complete
    ? `its run starts with ${complete.marker}`
    : `its run starts with ${complete.count} files`;
}

/** How many files make the set complete that an object of this key is one of. Undefined where nobody counts them. */
export function filesOfSet(plan: Plan, key: string): number | undefined {
  const { complete } = ruleOf(plan, key) ?? {};
  return complete && 'count' in complete ? complete.count : undefined;
}

function ruleOf({ triggers }: Plan, key: string): FileRule | undefined {
  return triggers.find((one) => one.kind === 'file' && key.startsWith(one.prefix)) as FileRule | undefined;
}

function isMarker({ complete }: FileRule, key: string): boolean {
  return complete !== undefined && 'marker' in complete && basename(key) === complete.marker;
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
