import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../../../lib/compiler/index.ts';
import type { Plan } from '../../../lib/component/plan.ts';
import { synthesize } from '../../../lib/infra/index.ts';
import { type PipelineName, pipelines } from '../pipelines.ts';
import { buildDirectCode } from './direct-code.ts';

interface Edition {
  /** Folder of its cloud assembly. */
  readonly assembly: string;
  readonly plan: Plan;
}

let root: string | undefined;
let isShared = false;
const made = new Map<string, Promise<Edition>>();

/** Folder of the cloud assembly of an edition of a pipeline, synthesized once. */
export async function assemblyOf(name: PipelineName, edition: number): Promise<string> {
  return (await editionOf(name, edition)).assembly;
}

/** What is deployed with it. */
export async function planOf(name: PipelineName, edition: number): Promise<Plan> {
  return (await editionOf(name, edition)).plan;
}

/**
 * From here on this process synthesizes only what is not in this folder yet, and leaves it there for others. It must be in
 * the file system of temporary files.
 */
export function shareAssemblies(folder: string): void {
  mkdirSync(folder, { recursive: true });
  root = folder;
  isShared = true;
}

function editionOf(name: PipelineName, edition: number): Promise<Edition> {
  const key = `${name}-${edition}`;
  let found = made.get(key);
  if (!found) {
    root ??= mkdtempSync(join(tmpdir(), 'penstock-faults-'));
    found = editionIn(root, name, edition);
    made.set(key, found);
  }
  return found;
}

async function editionIn(root: string, name: PipelineName, edition: number): Promise<Edition> {
  const folder = join(root, `${name}-${edition}`);
  if (!existsSync(folder)) await synthesizeEdition(name, edition, folder);
  return { assembly: join(folder, 'assembly'), plan: JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) };
}

/** Others see it when it is whole. */
async function synthesizeEdition(name: PipelineName, edition: number, folder: string): Promise<void> {
  const draft = `${folder}.${process.pid}`;
  const outdir = join(draft, 'assembly');
  const plan = await compile(pipelines[name](edition));
  linkAssets(folder, outdir);
  buildDirectCode(await synthesize({ pipelines: [{ plan, file: '' }], outdir }), plan);
  writeFileSync(join(draft, 'plan.json'), JSON.stringify(plan));
  try {
    renameSync(draft, folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    // Another process was quicker, with the same.
    rmSync(draft, { recursive: true });
  }
}

/** Assets are named by their content, and those that are there are not copied: the engine, 70 MB, is the same in all. */
function linkAssets(folder: string, outdir: string): void {
  const root = join(folder, '..');
  const [earlier] = readdirSync(root).filter((name) => !name.includes('.'));
  mkdirSync(outdir, { recursive: true });
  if (earlier === undefined) return;
  const from = join(root, earlier, 'assembly');
  for (const name of readdirSync(from))
    if (name.startsWith('asset.')) symlinkSync(realpathSync(join(from, name)), join(outdir, name));
}

/** Removes what was synthesized, unless others may want it. */
export function removeAssemblies(): void {
  if (root && !isShared) rmSync(root, { recursive: true, force: true });
  root = undefined;
  made.clear();
}
