import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../../../lib/compiler/index.ts';
import type { Plan } from '../../../lib/component/plan.ts';
import { synthesize } from '../../../lib/infra/index.ts';
import { type PipelineName, pipelines } from '../pipelines.ts';
import { buildDirectCode, removeDirectCode } from './direct-code.ts';

let root: string | undefined;
interface Edition {
  /** Folder of its cloud assembly. */
  readonly assembly: string;
  readonly plan: Plan;
}

const made = new Map<string, Promise<Edition>>();

/** Folder of the cloud assembly of an edition of a pipeline, synthesized once in this process. */
export async function assemblyOf(name: PipelineName, edition: number): Promise<string> {
  return (await editionOf(name, edition)).assembly;
}

/** What is deployed with it. */
export async function planOf(name: PipelineName, edition: number): Promise<Plan> {
  return (await editionOf(name, edition)).plan;
}

function editionOf(name: PipelineName, edition: number): Promise<Edition> {
  const key = `${name}-${edition}`;
  let assembly = made.get(key);
  if (!assembly) {
    root ??= mkdtempSync(join(tmpdir(), 'penstock-faults-'));
    assembly = synthesizeEdition(name, edition, join(root, key));
    made.set(key, assembly);
  }
  return assembly;
}

async function synthesizeEdition(name: PipelineName, edition: number, outdir: string): Promise<Edition> {
  const plan = await compile(pipelines[name](edition));
  const assembly = await synthesize({ pipelines: [{ plan, file: '' }], outdir });
  buildDirectCode(assembly, plan);
  return { assembly, plan };
}

/** Removes what was synthesized. */
export function removeAssemblies(): void {
  if (root) rmSync(root, { recursive: true, force: true });
  root = undefined;
  made.clear();
  removeDirectCode();
}
