import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../../lib/component/plan.ts';
import { synthesize } from '../../lib/infra/index.ts';
import { flightsPlan } from './fixtures/flights-plan.ts';

/** A template as CloudFormation gets it. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties: any;
  readonly DeletionPolicy?: string;
}

export const fixtureFunctions = fileURLToPath(new URL('fixtures/functions', import.meta.url));

/** Templates of the platform and of the plans' pipelines, by stack name. */
export async function synthesized(
  plans: readonly Plan[] = [flightsPlan],
  name = 'penstock',
): Promise<Record<string, Template>> {
  const outdir = mkdtempSync(join(tmpdir(), 'penstock-infra-test-'));
  try {
    const pipelines = plans.map((plan) => ({ file: `/pipelines/${plan.pipeline}.ts`, plan }));
    await synthesize({ pipelines, outdir, name, functionsFolder: fixtureFunctions, templatesOnly: true });
    const stacks = [name, ...plans.map(({ pipeline }) => `${name}-${pipeline}`)];
    return Object.fromEntries(
      stacks.map((stack) => [stack, JSON.parse(readFileSync(join(outdir, `${stack}.template.json`), 'utf8'))]),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

export function ofType(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
}
