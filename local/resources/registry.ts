import { readdirSync } from 'node:fs';
import { NotSupportedError } from '../aws-error.ts';
import type { ResourceType } from '../provisioning/resource-type.ts';
import { customResource } from './custom/custom-resource.ts';

/** `AWS::StepFunctions::StateMachine` and `stepfunctions-state-machine.ts` agree once dashes and case are gone. */
const squash = (name: string) => name.replace(/^AWS::|[^A-Za-z0-9]/g, '').toLowerCase();

let files: Map<string, string> | undefined;

function typeFiles(): Map<string, string> {
  files ??= new Map(
    readdirSync(import.meta.dirname)
      .filter((file) => file.includes('-') && /\.[jt]s$/.test(file) && !file.endsWith('.d.ts'))
      .map((file) => [squash(file.replace(/\.[jt]s$/, '')), file]),
  );
  return files;
}

/** The files of this folder that define a resource type. */
export function resourceTypeFiles(): string[] {
  return [...typeFiles().values()];
}

/**
 * Loads the one file that defines `type`; `Custom::` types that no file defines are left to the app's own functions.
 * Throws NotSupportedError where there is neither.
 */
export async function resourceType(type: string): Promise<ResourceType> {
  const found = await definedType(type);
  if (found) return found;
  if (type.startsWith('Custom::')) return customResource(type);
  throw new NotSupportedError(`the resource type ${type}`);
}

/** Whether local AWS does itself what on AWS the function behind a custom resource does. */
export async function hasNoNeedOfProvider(type: string): Promise<boolean> {
  return type.startsWith('Custom::') && (await definedType(type)) !== undefined;
}

async function definedType(type: string): Promise<ResourceType | undefined> {
  const file = typeFiles().get(squash(type));
  const found: ResourceType | undefined = file && (await import(new URL(file, import.meta.url).href)).default;
  return found?.type === type ? found : undefined;
}
