import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { TerminalError } from '../core/errors/terminal-error.ts';
import type { Definition } from './pipeline.ts';
import type { Components } from './yaml/component-call.ts';

/** A file that should hold a pipeline holds none. */
export class PipelineMissingError extends TerminalError {
  override readonly name = 'PipelineMissingError';
  readonly code = 'PIPELINE_MISSING';
}

/** Endings of the files that may hold a pipeline. */
export const definitionEndings: readonly string[] = ['.ts', '.yaml', '.yml'];

/**
 * The pipeline in a file: the default export of a TypeScript module, or a YAML file.
 * Throws `DefinitionInvalidError`, `PipelineMissingError`, and whatever the module throws.
 * @param file path; problems show it as it is given
 * @param components what a YAML file may name, e.g. `components` of the registry
 */
export async function loadDefinition(file: string, components: Components): Promise<Definition> {
  if (!file.endsWith('.ts')) {
    // Most pipelines are modules, and need no parser.
    const { readPipeline } = await import('./yaml/read-pipeline.ts');
    const readText = (path: string) => readFile(path, 'utf8');
    return readPipeline(await readText(file), file, { components, readText, importModule });
  }
  const { default: definition } = (await importModule(file)) as { default?: Definition };
  if (definition?.kind === 'pipeline') return definition;
  throw new PipelineMissingError({
    problem: `${file} does not export a pipeline`,
    received: definition === undefined ? 'no default export' : typeof definition,
    allowed: 'export default pipeline(…)',
    change: 'make the pipeline the default export of its file',
  });
}

function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  return import(pathToFileURL(path).href);
}
