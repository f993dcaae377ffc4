import { readdirSync } from 'node:fs';
import { NotSupportedError } from '../aws-error.ts';
import type { ResourceType } from '../provisioning/resource-type.ts';

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

/** Loads the one file that defines `type`. Throws NotSupportedError where there is none. */
export async function resourceType(type: string): Promise<ResourceType> {
  const file = type.startsWith('Custom::') ? undefined : typeFiles().get(squash(type));
  const found: ResourceType | undefined = file && (await import(new URL(file, import.meta.url).href)).default;
  if (found?.type !== type) throw new NotSupportedError(`the resource type ${type}`);
  return found;
}
