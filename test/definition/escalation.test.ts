import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import type { PipelineOptions } from '../../lib/definition/index.ts';
import { from, lake, pipeline, s3 } from '../../lib/index.ts';
import { problemsOf } from '../fixtures/engine/problems.ts';

const orders = from(s3({ prefix: 'landing/orders/', format: 'csv' }), z.object({ id: z.string() }));
const outputs = [orders.to(lake({ table: 'orders' }))];
const topic = 'arn:aws:sns:eu-central-1:123456789012:oncall';
const withLevels = (escalate: PipelineOptions['escalate']) => pipeline('orders', { outputs, escalate });

test('levels stand in the plan, in seconds', async () => {
  const levels = [
    { to: 'ada@example.com' },
    { after: '30 minutes', to: ['https://example.com/hook', topic] },
    { after: '2 hours', to: 'bob@example.com' },
  ];
  expect((await compile(withLevels(levels))).escalate).toEqual([
    { afterSeconds: 0, to: ['ada@example.com'] },
    { afterSeconds: 1800, to: ['https://example.com/hook', topic] },
    { afterSeconds: 7200, to: ['bob@example.com'] },
  ]);
  expect((await compile(pipeline('orders', { outputs }))).escalate).toBeUndefined();
});

describe('levels are refused', () => {
  const to = 'ada@example.com';
  test.each([
    ['that are none', [], 'escalate'],
    ['without a receiver', [{ after: '1 hour' }], 'to'],
    ['with a receiver who is none', [{ to: 'Ada' }], 'to'],
    ['with a time that is none', [{ after: 'soon', to }], 'after'],
    [
      'out of order',
      [
        { after: '1 hour', to },
        { after: '60 minutes', to: topic },
      ],
      'after',
    ],
    ['that tell somebody twice', [{ to }, { after: '1 hour', to: [topic, to] }], 'to'],
    ['with what they do not know', [{ to, via: 'sms' }], 'escalate'],
  ])('%s', async (_, levels, part) => {
    const problems = await problemsOf(() => withLevels(levels as never));
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) {
      expect(problem.part).toContain(part);
      for (const member of ['problem', 'allowed', 'change'] as const) expect(problem[member], member).toBeTruthy();
      expect(JSON.stringify(problem.received), 'received').toMatch(/\S/);
    }
  });
});
