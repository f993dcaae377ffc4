import { expect, test } from 'vitest';
import { orderPipelines } from '../../lib/compiler/pipeline-order.ts';

const plan = (pipeline: string, ...before: string[]) => ({
  pipeline,
  triggers: before.map((name) => ({ kind: 'pipeline' as const, pipeline: name })),
});

test('pipelines that start others come before these', () => {
  expect(orderPipelines([plan('report', 'flights', 'weather'), plan('weather', 'flights'), plan('flights')])).toEqual([
    'flights',
    'weather',
    'report',
  ]);
});

test('a pipeline may come after one of another app', () => {
  expect(orderPipelines([plan('report', 'elsewhere')])).toEqual(['report']);
});

test('a circle is refused, in the order in which it would run', () => {
  const refused = () => orderPipelines([plan('x', 'c'), plan('a', 'c'), plan('b', 'a'), plan('c', 'b')]);
  expect(refused).toThrow(expect.objectContaining({ code: 'PIPELINE_CYCLE', received: 'c → a → b → c' }));
});

test('events of pipelines count as what comes before', () => {
  const asks = (pipeline: string, detail?: object) => ({
    pipeline,
    triggers: [{ kind: 'event' as const, source: ['penstock'], ...(detail && { detail: { pipeline: detail } }) }],
  });
  expect(orderPipelines([asks('report', ['flights']) as never, plan('flights')])).toEqual(['flights', 'report']);
  expect(() => orderPipelines([asks('report', [{ prefix: 'fl' }]) as never, plan('flights', 'report')])).toThrow(
    'report → flights → report',
  );
  const others = asks('monitor', [{ 'anything-but': 'monitor' }]) as never;
  expect(orderPipelines([others, plan('a'), plan('b')])).toEqual(['a', 'b', 'monitor']);
});
