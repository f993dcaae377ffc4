import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compile } from '../../lib/compiler/index.ts';
import { featureFlags, synthesize } from '../../lib/infra/index.ts';
import { lendAssets } from '../fixtures/shared-assets.ts';
import words from './fixtures/app/pipelines/words.ts';

const place = (path: string) => fileURLToPath(new URL(path, import.meta.url));
let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'penstock-app-test-'));
});
afterEach(() => rmSync(outdir, { recursive: true }));

describe('the CDK app', () => {
  it('gives the same templates to the command line of the CDK as synthesize does in-process', async () => {
    const file = place('fixtures/app/pipelines/words.ts');
    for (const folder of ['in-process', 'app']) lendAssets(join(outdir, folder));
    await synthesize({ pipelines: [{ file, plan: await compile(words) }], outdir: join(outdir, 'in-process') });
    await runApp(join(outdir, 'app'));
    for (const stack of ['penstock', 'penstock-words']) {
      expect(template(join(outdir, 'app'), stack)).toEqual(template(join(outdir, 'in-process'), stack));
    }
  });
});

describe('the feature flags', () => {
  it('are the ones that the CDK recommends, but for references between stacks', () => {
    const recommended = createRequire(import.meta.url)('aws-cdk-lib/recommended-feature-flags.json');
    const { '@aws-cdk/core:target-partitions': _, ...flags } = recommended;
    // A platform that pipelines hang on must not lose what they use.
    expect(featureFlags()).toMatchObject({ ...flags, '@aws-cdk/core:defaultCrossStackReferences': 'strong' });
  });
});

/** As the CDK's command line does it: the context of cdk.json and the folder come as environment variables. */
function runApp(folder: string) {
  const env = {
    ...process.env,
    CDK_OUTDIR: folder,
    CDK_CONTEXT_JSON: JSON.stringify(featureFlags()),
    CDK_VALIDATION: 'false',
  };
  return promisify(execFile)(process.execPath, [place('../../bin/app.ts')], { cwd: place('fixtures/app'), env });
}

function template(folder: string, stack: string): string {
  // Without the hashes of the code: a file may be edited between the two.
  return readFileSync(join(folder, `${stack}.template.json`), 'utf8').replace(/[0-9a-f]{64}\.zip/g, '<hash>.zip');
}
