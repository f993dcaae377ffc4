import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../local/states/json.ts';
import { run } from './run-definition.ts';

const data = {
  store: {
    book: [
      { title: 'A', price: 8, tags: ['x'] },
      { title: 'B', price: 12, tags: [] },
      { title: 'C', price: 9, isbn: '1' },
    ],
    'odd key': { 'a.b': 1 },
  },
  limit: 10,
  nothing: null,
};

async function output(fields: JsonObject, input: Json = data): Promise<Json> {
  return (await run({ StartAt: 'S', States: { S: { Type: 'Pass', ...fields, End: true } } }, input)).output;
}

const found = async (path: string) => {
  const result = await output({ Parameters: { 'r.$': path } });
  return 'r' in result ? result.r : result;
};

describe('a path', () => {
  it.each([
    ['$.store.book[0].title', 'A'],
    ['$.store.book[-1].title', 'C'],
    ["$['store']['odd key']['a.b']", 1],
    ['$.nothing', null],
    ['$.store.book[*].title', ['A', 'B', 'C']],
    ['$.store.book[0,2].title', ['A', 'C']],
    ['$.store.book[1:].title', ['B', 'C']],
    ['$.store.book[:-1].title', ['A', 'B']],
    ['$..title', ['A', 'B', 'C']],
    ['$.store.book[0]["title","price"]', ['A', 8]],
    ['$.missing[*]', []],
    ['$.store.book.length()', 3],
    ['$$.State.Name', 'S'],
    ['$$.Execution.Input.limit', 10],
  ])('%s', async (path, expected) => {
    expect(await found(path)).toEqual(expected);
  });

  it.each([
    ['@.price < 10', ['A', 'C']],
    ['@.price < $.limit', ['A', 'C']],
    ['@.isbn', ['C']],
    ['!@.isbn', ['A', 'B']],
    ["@.title == 'B' || @.price == 8", ['A', 'B']],
    ['@.price > 8 && !(@.isbn)', ['B']],
    ["@.title in ['A', 'C']", ['A', 'C']],
    ["@.title nin ['A', 'C']", ['B']],
    ['@.title =~ /[ab]/i', ['A', 'B']],
    ['@.tags size 1', ['A']],
    ['@.tags empty true', ['B']],
    ['@.missing > 1', []],
  ])('filters by %s', async (filter, expected) => {
    expect(await found(`$.store.book[?(${filter})].title`)).toEqual(expected);
  });

  it('that leads nowhere ends the execution', async () => {
    const failed = await found('$.store.shelf');
    expect(failed.error).toBe('States.Runtime');
    expect(failed.cause).toContain("The JSONPath '$.store.shelf' specified for the field 'r.$' could not be found in");
    for (const path of [
      '$.store.book[7]',
      '$.limit.x',
      '$.nothing.x',
      '$$.Nothing',
      '$unknown',
      '$.store.book[*].price.sum()',
    ]) {
      expect((await found(path)).error).toBe('States.Runtime');
    }
  });

  it('whose pattern goes on for ever ends the execution', async () => {
    const endless = { list: [{ t: `${'a'.repeat(40)}!` }] };
    const failed = await output({ Parameters: { 'r.$': '$.list[?(@.t =~ /(a+)+b/)]' } }, endless);
    expect(failed).toMatchObject({ error: 'States.Runtime', cause: expect.stringContaining('regular expression') });
  });
});

describe('the data of a state', () => {
  it('goes through InputPath, Parameters, ResultPath and OutputPath', async () => {
    const fields = {
      InputPath: '$.store',
      Parameters: { 'first.$': '$.book[0].title', constant: true },
      ResultPath: '$.result.here',
      OutputPath: '$.result',
    };
    expect(await output(fields)).toEqual({ here: { first: 'A', constant: true } });
  });

  it('may be dropped or replaced', async () => {
    expect(await output({ InputPath: null })).toEqual({});
    expect(await output({ OutputPath: null })).toEqual({});
    expect(await output({ Result: 1, ResultPath: null })).toEqual(data);
    expect(await output({ Result: 1 })).toBe(1);
    expect(await output({ Result: 1, ResultPath: '$.list[1]' }, { list: [0, 0] })).toEqual({ list: [0, 1] });
  });

  it('cannot be put where there is no place for it', async () => {
    const failed = await output({ Result: 1, ResultPath: '$.limit.inner' });
    expect(failed.error).toBe('States.ResultPathMatchFailure');
    expect(failed.cause).toContain('Unable to apply step "$.limit.inner" to input');
  });

  it('waits until the moment that it names', async () => {
    const wait = (fields: JsonObject, input: Json) =>
      run({ StartAt: 'W', States: { W: { Type: 'Wait', ...fields, End: true } } }, input);
    expect((await wait({ SecondsPath: '$.n' }, { n: 30 })).seconds).toBe(30);
    expect((await wait({ TimestampPath: '$.t' }, { t: '2026-01-01T00:01:00Z' })).seconds).toBe(60);
    expect((await wait({ Timestamp: '2025-01-01T00:00:00Z' }, {})).seconds).toBe(0);
    const wrong = async (fields: JsonObject, input: Json) => (await wait(fields, input)).output.cause;
    expect(await wrong({ SecondsPath: '$.n' }, { n: -1 })).toContain('references a negative value: $.n == -1');
    expect(await wrong({ SecondsPath: '$.n' }, { n: 1.5 })).toContain('cannot be parsed as a long value: $.n == 1.5');
    expect(await wrong({ SecondsPath: '$.n' }, {})).toContain('does not reference an input value: $.n');
    expect(await wrong({ TimestampPath: '$.t' }, { t: '2026-02-30T00:00:00Z' })).toContain(
      'does not reference a valid',
    );
  });
});
