import { afterAll, beforeAll, expect, test } from 'vitest';
import { entry, startEvents } from './cloud.ts';

let events: Awaited<ReturnType<typeof startEvents>>;
beforeAll(async () => {
  events = await startEvents();
});
afterAll(() => events.stop());

const InputPathsMap = {
  name: '$.detail.name',
  total: '$.detail.total',
  items: '$.detail.items',
  first: '$.detail.items[0].sku',
  skus: '$.detail.items[*].sku',
  customer: '$.detail.customer',
  missing: '$.detail.nothing.here',
};
const detail = { name: 'A "quoted" one', total: 7, items: [{ sku: 'x' }, { sku: 'y' }], customer: { id: 1 } };

test.each([
  ['text', '"<name> costs <total>"', '"A \\"quoted\\" one costs 7"'],
  ['text as JSON', '{"name": <name>, "total": <total>}', '{"name": "A \\"quoted\\" one", "total": 7}'],
  ['text inside quotes', '{"text": "the <first>"}', '{"text": "the x"}'],
  ['lists and objects', '{"skus": <skus>, "who": <customer>}', '{"skus": ["x","y"], "who": {"id":1}}'],
  ['an object inside quotes without its quotes', '{"who": "<customer>"}', '{"who": "{id:1}"}'],
  ['nothing where a path leads nowhere', '{"got": "<missing>", "or": <missing>}', '{"got": "", "or": ""}'],
  ['the name of the rule', '"<aws.events.rule-name>"', '"transform-6"'],
  ['when the event came', '"<aws.events.event.ingestion-time>"', '"2026-01-01T00:00:00.000Z"'],
])('fills in %s', async (_, InputTemplate, expected) => {
  const queue = `transformed-${events.calls.length}-${Math.abs(hash(InputTemplate))}`;
  const name = InputTemplate.includes('rule-name') ? 'transform-6' : queue;
  await events.rule(
    name,
    { source: ['shop'] },
    { Arn: await events.queue(queue), InputTransformer: { InputPathsMap, InputTemplate } },
  );
  await events.putEvent(entry(detail));
  await events.clock.advance(0);
  const [message] = await events.messages(queue);
  expect(message.Body).toBe(expected);
});

test('takes the whole event as JSON', async () => {
  const InputTransformer = { InputTemplate: '{"original": <aws.events.event.json>, "without": <aws.events.event>}' };
  await events.rule('whole', { source: ['shop'] }, { Arn: await events.queue('whole'), InputTransformer });
  await events.putEvent(entry({ n: 1 }));
  await events.clock.advance(0);
  const { original, without } = JSON.parse((await events.messages('whole'))[0].Body);
  expect(original.detail).toEqual({ n: 1 });
  expect(without).toEqual({ ...original, detail: undefined });
});

test.each([
  ['a placeholder that is not defined', { InputTemplate: '"<unknown>"' }, /invalid placeholder unknown/],
  ['a path that is not one', { InputPathsMap: { a: 'detail' }, InputTemplate: '"<a>"' }, /Invalid JSONPath/],
  ['a reserved name', { InputPathsMap: { 'aws.x': '$.id' }, InputTemplate: '""' }, /reserved/],
])('refuses %s', async (_, InputTransformer, message) => {
  const rule = events.rule(
    'refused',
    { source: ['shop'] },
    { Arn: 'arn:aws:sqs:us-east-1:000000000000:q', InputTransformer },
  );
  await expect(rule).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringMatching(message) });
});

function hash(text: string): number {
  return [...text].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) | 0, 0);
}
