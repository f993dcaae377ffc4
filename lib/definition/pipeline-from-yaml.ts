import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Definition } from './pipeline.ts';
import type { Components } from './yaml/component-call.ts';

/**
 * The pipeline in a YAML file. Throws `DefinitionInvalidError` with all problems at once, each with file, line and column.
 * @param file path of the file; those that it names are found from its folder
 * @param components what it may name, e.g. the `components` of this package
 */
export async function pipelineFromYaml(file: string, components: Components): Promise<Definition> {
  // Most pipelines are modules, and need no parser.
  const { readPipeline } = await import('./yaml/read-pipeline.ts');
  const readText = (path: string) => readFile(path, 'utf8');
  const importModule = (path: string) => import(pathToFileURL(path).href);
  return readPipeline(await readText(file), relative(process.cwd(), file), { components, readText, importModule });
}
