import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile } from '../compiler/index.ts';
import type { Plan } from '../component/plan.ts';
import { nearest } from '../core/nearest.ts';
import type { Definition } from '../definition/index.ts';
import { CommandInputError } from './errors.ts';

/** A pipeline of the project, as far as it could be taken. */
export interface ProjectPipeline {
  readonly file: string;
  readonly definition?: Definition;
  readonly plan?: Plan;
  readonly error?: unknown;
}

/** A pipeline that is in order. */
export type CompiledPipeline = Required<Omit<ProjectPipeline, 'error'>>;

const folder = 'pipelines';

/** Every file of `pipelines/` in the current folder, compiled; what failed carries its error. */
export async function loadPipelines(): Promise<ProjectPipeline[]> {
  const files = pipelineFiles();
  const loaded: ProjectPipeline[] = [];
  for (const file of files) loaded.push(await loadPipeline(file));
  for (const one of loaded) {
    const twin = loaded.find(
      (other) => other !== one && other.definition?.name === one.definition?.name && one.definition,
    );
    if (twin && loaded.indexOf(twin) < loaded.indexOf(one))
      loaded[loaded.indexOf(one)] = { file: one.file, error: twinError(one, twin) };
  }
  return loaded;
}

/** All pipelines in order, or the first error. */
export async function compiledPipelines(): Promise<CompiledPipeline[]> {
  return (await loadPipelines()).map(({ error, file, definition, plan }) => {
    if (!definition || !plan) throw error;
    return { file, definition, plan };
  });
}

/** One pipeline by its name. */
export async function compiledPipeline(name: string): Promise<CompiledPipeline> {
  const pipelines = await loadPipelines();
  const found = pipelines.find((one) => one.definition?.name === name);
  if (found?.plan) return { file: found.file, definition: found.definition!, plan: found.plan };
  // A file that could not be read may be the one that was meant.
  const broken = found ?? pipelines.find((one) => one.error && one.file.endsWith(`/${name}.ts`));
  if (broken) throw broken.error;
  throw unknownPipeline(
    name,
    pipelines.flatMap((one) => one.definition?.name ?? []),
  );
}

export function unknownPipeline(name: string, names: readonly string[]): CommandInputError {
  const guess = nearest(name, names);
  return new CommandInputError({
    problem: `there is no pipeline "${name}" in ${folder}/`,
    received: name,
    allowed: names.length > 0 ? names : 'none: the folder is empty',
    change: guess ? `did you mean "${guess}"?` : 'name one of the pipelines',
  });
}

function pipelineFiles(): string[] {
  const path = resolve(folder);
  try {
    return readdirSync(path)
      .filter((file) => file.endsWith('.ts'))
      .sort()
      .map((file) => join(path, file));
  } catch (cause) {
    throw new CommandInputError({
      problem: `there is no folder ${folder}/ here`,
      received: process.cwd(),
      allowed: `a folder with ${folder}/<name>.ts files`,
      change: 'change to the folder of your project',
      cause,
    });
  }
}

async function loadPipeline(file: string): Promise<ProjectPipeline> {
  let definition: Definition | undefined;
  try {
    definition = (await import(pathToFileURL(file).href)).default;
    if (definition?.kind !== 'pipeline') {
      throw new CommandInputError({
        problem: `${file} does not export a pipeline`,
        received: definition === undefined ? 'no default export' : typeof definition,
        allowed: 'export default pipeline(…)',
        change: 'make the pipeline the default export of its file',
      });
    }
    return { file, definition, plan: await compile(definition) };
  } catch (error) {
    return definition?.kind === 'pipeline' ? { file, definition, error } : { file, error };
  }
}

function twinError(one: ProjectPipeline, twin: ProjectPipeline): CommandInputError {
  return new CommandInputError({
    problem: `two pipelines have the name "${one.definition!.name}"`,
    received: `${twin.definition!.at ?? twin.file} and ${one.definition!.at ?? one.file}`,
    allowed: 'each name once',
    change: 'rename one of them',
  });
}
