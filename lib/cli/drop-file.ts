import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Plan } from '../component/plan.ts';
import { CommandInputError } from './errors.ts';
import type { Platform } from './platform.ts';

/** Where a file of this name belongs: a reference that the plan reads by its key, or the folder whose files start runs. */
export function landingKey(plan: Plan, file: string): string {
  const name = basename(file);
  const keys = plan.nodes.flatMap((node) =>
    node.kind === 'source' && typeof node.options.key === 'string' ? [node.options.key] : [],
  );
  const reference = keys.find((key) => basename(key) === name);
  if (reference) return reference;
  const trigger = plan.triggers.find((one) => one.kind === 'file');
  if (trigger?.kind === 'file') return `${trigger.prefix}${name}`;
  throw new CommandInputError({
    problem: `the pipeline "${plan.pipeline}" waits for no files`,
    received: file,
    allowed: keys.length > 0 ? keys : 'a pipeline with fileArrives()',
    change: 'say where it belongs with --key',
  });
}

/** Puts a file into the lake. Returns the version that it became. */
export async function dropFile(platform: Platform, file: string, key: string): Promise<string | undefined> {
  let size: number;
  try {
    size = statSync(file).size;
  } catch (cause) {
    throw new CommandInputError({
      problem: 'there is no such file',
      received: file,
      allowed: 'a file on this machine',
      change: 'correct the path',
      cause,
    });
  }
  const command = new PutObjectCommand({
    Bucket: platform.address.lake,
    Key: key,
    Body: createReadStream(file),
    ContentLength: size,
  });
  return (await platform.s3.send(command)).VersionId;
}
