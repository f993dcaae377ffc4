import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App } from 'aws-cdk-lib/core';
import { compile } from '../lib/compiler/index.ts';
import { addStacks, featureFlags } from '../lib/infra/index.ts';

/** The CDK app: one stack for each file of `pipelines/`, on top of the platform's. */
const folder = resolve('pipelines');
const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort();
const pipelines = await Promise.all(
  files.map(async (name) => {
    const file = join(folder, name);
    const definition = (await import(pathToFileURL(file).href)).default;
    return { file, plan: await compile(definition) };
  }),
);
const app = new App({ context: featureFlags() });
addStacks(app, { pipelines });
app.synth();
