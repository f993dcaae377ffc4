import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { merges, type Plan } from '../../component/plan.ts';
import { secretNames } from '../../component/plan-secrets.ts';
import { packageRoot } from '../package-root.ts';
import { ComponentMissingError, PipelineFileNeededError } from './errors.ts';
import type { PipelineSource } from './handlers.ts';
import { planPlace } from './plan-place.ts';

/**
 * Source of the module `penstock:pipeline`: a place for the plan, so that plans of the same components are one and the
 * same code and a changed step need not be built; and just those components and user functions that it names, so
 * that a worker carries nothing that its pipeline does not use.
 */
export function pipelineModule({ plan, file, functions = {} }: PipelineSource): string {
  const components = componentsOf(plan);
  const names = components.map((_, index) => `component${index}`);
  const lines = components.map(
    (component, index) => `import ${names[index]} from ${quoted(componentFile(component))};`,
  );
  const calls: string[] = [];
  for (const [index, [node, { module, export: name }]] of Object.entries(functions).entries()) {
    lines.push(`import { ${quoted(name)} as function${index} } from ${quoted(module)};`);
    calls.push(`${quoted(node)}: function${index}`);
  }
  if (userFunctionNodes(plan).some((node) => !Object.hasOwn(functions, node))) {
    if (file === undefined) throw new PipelineFileNeededError(plan.pipeline);
    lines.push(`import definition from ${quoted(file)};`);
    lines.push(`import { userFunctions } from ${quoted(join(packageRoot, 'lib/definition/index.ts'))};`);
    calls.push('...userFunctions(definition)');
  }
  const listed = components.map((component, index) => `${quoted(component)}: ${names[index]}`);
  return moduleOf(plan, { lines, components: listed, functions: calls });
}

/** The same without components and functions: what it takes from packages, since components take nothing from any. */
export function moduleWithoutComponents(plan: Plan): string {
  return moduleOf(plan, { lines: [], components: [], functions: [] });
}

interface Parts {
  readonly lines: readonly string[];
  readonly components: readonly string[];
  readonly functions: readonly string[];
}

function moduleOf(plan: Plan, { lines, components, functions }: Parts): string {
  return [
    ...lines,
    `export const plan = /* @__PURE__ */ JSON.parse(${quoted(planPlace)});`,
    `export const components = { ${components.join(', ')} };`,
    Object.values(secretNames(plan)).flat().length > 0
      ? `import { AwsSecrets } from ${quoted(join(packageRoot, 'lib/aws/aws-secrets.ts'))};\nexport const makeSecrets = (options) => new AwsSecrets(options);`
      : 'export const makeSecrets = undefined;',
    merges(plan)
      ? `import { duckdbEngine } from ${quoted(join(packageRoot, 'lib/runtime/duckdb-engine.ts'))};\nexport const engine = duckdbEngine;`
      : 'export const engine = undefined;',
    `export const functions = { ${functions.join(', ')} };`,
    '',
  ].join('\n');
}

function componentsOf(plan: Plan): readonly string[] {
  const instead = plan.nodes.flatMap((node) =>
    node.kind === 'source' && typeof node.fallback === 'object' ? [node.fallback] : [],
  );
  return [...new Set([...plan.nodes, ...instead, ...plan.quality].map(({ component }) => component))].sort();
}

function componentFile(component: string): string {
  const files = ['connectors', 'operators'].map((kind) => join(packageRoot, 'lib', kind, `${component}.ts`));
  const found = files.filter((file) => existsSync(file));
  if (found.length !== 1) throw new ComponentMissingError(component, files, found.length);
  return found[0]!;
}

/** The step `map` runs the user's own TypeScript; nothing else of a definition is code. */
function userFunctionNodes(plan: Plan): string[] {
  return plan.nodes.filter(({ kind, component }) => kind === 'step' && component === 'map').map(({ id }) => id);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
