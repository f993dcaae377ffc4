/** Writes the plans of the shipped pipelines anew, for a change that is meant: `node test/compiler/write-plans.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../../lib/compiler/index.ts';
import birdstrikes from '../../pipelines/birdstrikes.ts';
import flights from '../../pipelines/flights.ts';
import movies from '../../pipelines/movies.ts';

for (const definition of [birdstrikes, flights, movies]) {
  const plan = await compile(definition);
  writeFileSync(join(import.meta.dirname, 'plans', `${plan.pipeline}.json`), `${JSON.stringify(plan, undefined, 2)}\n`);
}
