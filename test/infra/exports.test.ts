import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import type { Plan } from '../../lib/component/plan.ts';
import { cron, event, every, fileArrives, from, lake, pipeline, s3 } from '../../lib/index.ts';
import { synthesized, type Template } from './synthesized.ts';

const orders = from(s3({ prefix: 'landing/orders/', format: 'csv' }), z.object({ id: z.int() }));

/** Exports of the platform beside these pipelines, and what they import of it. */
async function between(plans: readonly Plan[]) {
  const { penstock, ...pipelines } = await synthesized(plans);
  return { exports: exportsOf(penstock!), imports: Object.values(pipelines).map(importsOf) };
}

function exportsOf({ Outputs = {} }: Template & { readonly Outputs?: Record<string, any> }): string[] {
  return Object.values(Outputs)
    .flatMap(({ Export }) => Export?.Name ?? [])
    .sort();
}

const importsOf = (template: Template) =>
  [...JSON.stringify(template).matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, name]) => name!);

describe('what the platform exports', () => {
  let alone: Awaited<ReturnType<typeof between>>;
  let used: Awaited<ReturnType<typeof between>>;
  beforeAll(async () => {
    const plan = await compile(
      pipeline('orders', {
        on: [
          fileArrives('landing/orders/'),
          every('1 day'),
          cron('0 6 * * ? *', { zone: 'Europe/Berlin' }),
          event({ source: 'com.shop' }),
          event({ source: 'penstock', detailType: 'QualityAlert', detail: { pipeline: ['flights'] } }),
        ],
        overlap: { policy: 'queue' },
        escalate: [{ to: 'ada@example.com' }],
        outputs: [orders.to(lake({ table: 'orders' })), orders.to(s3({ prefix: 'exports/orders/', format: 'csv' }))],
      }),
    );
    alone = await between([]);
    used = await between([plan]);
  });

  test('is the same whatever pipelines there are, so that none that goes keeps the platform from being updated', () => {
    expect(used.exports).toEqual(alone.exports);
  });

  test('is all that a pipeline imports', () => {
    expect(used.imports[0]!.length).toBeGreaterThan(0);
    expect(alone.exports).toEqual(expect.arrayContaining(used.imports[0]!));
  });
});
