import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compile, withFurtherProblems } from '../compiler/index.ts';
import type { CallSource } from '../component/operator.ts';
import type { Plan } from '../component/plan.ts';
import { nearest } from '../core/nearest.ts';
import { type Definition, DefinitionInvalidError, functionSources, pipelineFromYaml } from '../definition/index.ts';
import { components } from '../registry/components.ts';
import { CommandInputError } from './errors.ts';
import { explainLoadError } from './explain-load-error.ts';
import { PipelineFileError, placeText } from './pipeline-file-error.ts';

/** A pipeline of the project, as far as it could be taken. */
export interface ProjectPipeline {
  readonly file: string;
  readonly definition?: Definition;
  readonly plan?: Plan;
  readonly error?: unknown;
}

/** A pipeline that is in order. */
export interface CompiledPipeline extends Required<Omit<ProjectPipeline, 'error'>> {
  /** Modules of the user's functions by node id, where they do not stand in `file`. */
  readonly functions: Readonly<Record<string, CallSource>>;
}

const folder = 'pipelines';
const endings = ['.ts', '.yaml', '.yml'];

/** Every file of `pipelines/` in the current folder, compiled; what failed carries its error. */
export async function loadPipelines(): Promise<ProjectPipeline[]> {
  const loaded: ProjectPipeline[] = [];
  for (const file of pipelineFiles()) {
    const one = await loadPipeline(file);
    const twin = loaded.find((other) => one.definition && other.definition?.name === one.definition.name);
    loaded.push(twin ? { file, error: twinError(one, twin) } : one);
  }
  return loaded;
}

/** All pipelines in order, or an error with everything that is wrong with any of them. */
export async function compiledPipelines(): Promise<CompiledPipeline[]> {
  const loaded = await loadPipelines();
  const errors = loaded.flatMap(({ error }) => error ?? []);
  if (errors.length > 0) throw new AggregateError(errors);
  return loaded.map(inOrder);
}

/** One pipeline by its name. */
export async function compiledPipeline(name: string): Promise<CompiledPipeline> {
  const pipelines = await loadPipelines();
  const found = pipelines.find((one) => one.definition?.name === name);
  if (found?.plan) return inOrder(found);
  // A file that could not be read may be the one that was meant.
  const broken = found ?? pipelines.find((one) => one.error && isNamed(one, name));
  if (broken) throw broken.error;
  throw unknownPipeline(
    name,
    pipelines.flatMap((one) => one.definition?.name ?? []),
  );
}

function inOrder({ file, definition, plan }: ProjectPipeline): CompiledPipeline {
  return { file, definition: definition!, plan: plan!, functions: functionSources(definition!) };
}

/** A file that cannot be read has no pipeline's name: its own stands for it. */
export function isNamed({ file, definition }: ProjectPipeline, name: string): boolean {
  return definition ? definition.name === name : endings.some((ending) => file.endsWith(`/${name}${ending}`));
}

export function unknownPipeline(name: string, names: readonly string[]): CommandInputError {
  const guess = nearest(name, names);
  return new CommandInputError({
    problem: `there is no pipeline "${name}" in ${folder}/`,
    received: name,
    allowed: names.length > 0 ? names : `none: ${folder}/ holds no pipeline that is in order`,
    change: guess ? `did you mean "${guess}"?` : 'name one of the pipelines',
  });
}

/** Absolute paths of the files of `pipelines/` in the current folder. */
export function pipelineFiles(): string[] {
  const path = resolve(folder);
  const problem = (parts: { problem: string; received: string; change: string; cause?: unknown }) =>
    new CommandInputError({ ...parts, allowed: `a folder with ${folder}/<name>.ts or .yaml files` });
  let names: string[];
  try {
    names = readdirSync(path);
  } catch (cause) {
    const change = 'change to the folder of your project';
    throw problem({ problem: `there is no folder ${folder}/ here`, received: process.cwd(), change, cause });
  }
  const files = names.filter((name) => endings.some((ending) => name.endsWith(ending))).sort();
  if (files.length > 0) return files.map((name) => join(path, name));
  throw problem({
    problem: `there is no pipeline in ${folder}/`,
    received: names.length > 0 ? names.join(', ') : 'an empty folder',
    change: 'write one',
  });
}

async function loadPipeline(file: string): Promise<ProjectPipeline> {
  let definition: Definition | undefined;
  try {
    definition = file.endsWith('.ts')
      ? (await import(pathToFileURL(file).href)).default
      : await pipelineFromYaml(file, components);
  } catch (error) {
    const invalid = error instanceof DefinitionInvalidError;
    return { file, error: invalid ? await withFurtherProblems(error) : await explainLoadError(error, file) };
  }
  if (definition?.kind !== 'pipeline') return { file, error: noPipelineError(file, definition) };
  try {
    return { file, definition, plan: await compile(definition) };
  } catch (error) {
    return { file, definition, error };
  }
}

function noPipelineError(file: string, received: unknown): PipelineFileError {
  return new PipelineFileError(placeText({ file }), {
    problem: 'the file does not export a pipeline',
    received: received === undefined ? 'no default export' : `a default export of type ${typeof received}`,
    allowed: 'export default pipeline(…)',
    change: 'make the pipeline the default export of its file; other code belongs into another folder',
  });
}

function twinError(one: ProjectPipeline, twin: ProjectPipeline): PipelineFileError {
  const at = ({ definition, file }: ProjectPipeline) => definition!.at ?? placeText({ file });
  return new PipelineFileError(at(one), {
    problem: `two pipelines have the name "${one.definition!.name}"`,
    received: `${at(twin)} and ${at(one)}`,
    allowed: 'each name once',
    change: 'rename one of them',
  });
}
