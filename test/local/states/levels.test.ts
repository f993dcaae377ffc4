import { describe, expect, it } from 'vitest';
import { failedWith, never, run } from './run-definition.ts';

const resource = 'arn:aws:states:::lambda:invoke';

describe('a Parallel state', () => {
  it('gives the outputs of its branches in their order, whichever ends first', async () => {
    const { output, seconds } = await run({
      StartAt: 'Both',
      States: {
        Both: {
          Type: 'Parallel',
          Branches: [
            {
              StartAt: 'Slow',
              States: { Slow: { Type: 'Wait', Seconds: 9, Next: 'A' }, A: { Type: 'Pass', Result: 'a', End: true } },
            },
            { StartAt: 'B', States: { B: { Type: 'Pass', Result: 'b', End: true } } },
          ],
          End: true,
        },
      },
    });
    expect(output).toEqual(['a', 'b']);
    expect(seconds).toBe(9);
  });

  it('aborts the other branches when one fails', async () => {
    const { output, types, seconds } = await run(
      {
        StartAt: 'Both',
        States: {
          Both: {
            Type: 'Parallel',
            Branches: [
              { StartAt: 'Hang', States: { Hang: { Type: 'Task', Resource: resource, End: true } } },
              { StartAt: 'Fail', States: { Fail: { Type: 'Task', Resource: resource, End: true } } },
            ],
            Catch: [{ ErrorEquals: ['Own'], Next: 'Mend' }],
            End: true,
          },
          Mend: { Type: 'Pass', Result: 'mended', End: true },
        },
      },
      {},
      { tasks: { Hang: [never], Fail: [failedWith('Own')] } },
    );
    expect(output).toBe('mended');
    expect(seconds).toBe(0);
    expect(types).toContain('TaskStateAborted');
    expect(types).toContain('ParallelStateFailed');
  });
});

describe('variables', () => {
  it('are read from outside by branches, whose own ones are gone afterwards', async () => {
    const { output } = await run({
      QueryLanguage: 'JSONata',
      StartAt: 'Set',
      States: {
        Set: { Type: 'Pass', Assign: { outer: 1 }, Next: 'Inside' },
        Inside: {
          Type: 'Parallel',
          Branches: [
            {
              StartAt: 'Own',
              States: {
                Own: { Type: 'Pass', Assign: { inner: '{% $outer + 1 %}' }, Next: 'Read' },
                Read: { Type: 'Pass', Output: '{% [$outer, $inner] %}', End: true },
              },
            },
          ],
          Next: 'After',
        },
        After: { Type: 'Pass', Output: { inside: '{% $states.input %}', known: '{% $exists($inner) %}' }, End: true },
      },
    });
    expect(output).toEqual({ inside: [[1, 2]], known: false });
  });

  it('have the values of before in the Assign that changes them', async () => {
    const { output } = await run({
      StartAt: 'Set',
      States: {
        Set: { Type: 'Pass', Assign: { a: 1, b: 2 }, Next: 'Swap' },
        Swap: { Type: 'Pass', Assign: { 'a.$': '$b', 'b.$': '$a' }, Next: 'Read' },
        Read: { Type: 'Pass', Parameters: { 'a.$': '$a', 'b.$': '$b' }, End: true },
      },
    });
    expect(output).toEqual({ a: 2, b: 1 });
  });

  it('of the parent are not there in the children of a distributed Map', async () => {
    const { output } = await run({
      QueryLanguage: 'JSONata',
      StartAt: 'Set',
      States: {
        Set: { Type: 'Pass', Assign: { outer: 1 }, Next: 'Map' },
        Map: {
          Type: 'Map',
          Items: [1],
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
            StartAt: 'Read',
            States: { Read: { Type: 'Pass', Output: '{% $exists($outer) %}', End: true } },
          },
          End: true,
        },
      },
    });
    expect(output).toEqual([false]);
  });
});

describe('an inline Map', () => {
  const map = (fields: object, item: object = { Type: 'Task', Resource: resource, End: true }) => ({
    StartAt: 'Map',
    States: { Map: { Type: 'Map', ItemProcessor: { StartAt: 'Item', States: { Item: item } }, End: true, ...fields } },
  });

  it('selects what each iteration gets', async () => {
    const ItemSelector = { 'value.$': '$$.Map.Item.Value', 'index.$': '$$.Map.Item.Index', 'all.$': '$.name' };
    const { output } = await run(map({ ItemsPath: '$.items', ItemSelector }, { Type: 'Pass', End: true }), {
      items: ['a', 'b'],
      name: 'n',
    });
    expect(output).toEqual([
      { value: 'a', index: 0, all: 'n' },
      { value: 'b', index: 1, all: 'n' },
    ]);
  });

  it('selects by JSONata from the item of each iteration, though they select at the same time', async () => {
    const ItemSelector = { at: '{% $states.context.Map.Item.Index %}', from: '{% $states.context.Map.Item.Source %}' };
    const ItemProcessor = { StartAt: 'One', States: { One: { Type: 'Pass', End: true } } };
    const States = { Each: { Type: 'Map', ItemSelector, ItemProcessor, End: true } };
    const { output } = await run({ QueryLanguage: 'JSONata', StartAt: 'Each', States }, ['a', 'b', 'c']);
    expect(output).toEqual([0, 1, 2].map((at) => ({ at, from: 'STATE_DATA' })));
  });

  it('runs no more iterations side by side than MaxConcurrency', async () => {
    const { seconds } = await run(
      map({ MaxConcurrency: 2 }, { Type: 'Wait', Seconds: 10, End: true }),
      [1, 2, 3, 4, 5],
    );
    expect(seconds).toBe(30);
  });

  it.each([
    [-1, 'MaxConcurrency cannot be negative.'],
    [1.5, 'The MaxConcurrencyPath field refers to value "1.5" which is not a valid integer: $.most'],
  ])('has no MaxConcurrency of %d', async (most, cause) => {
    const ItemProcessor = { StartAt: 'One', States: { One: { Type: 'Pass', End: true } } };
    const Each = { Type: 'Map', MaxConcurrencyPath: '$.most', ItemsPath: '$.items', ItemProcessor, End: true };
    const { output } = await run({ StartAt: 'Each', States: { Each } }, { most, items: [1] });
    expect(output).toMatchObject({ error: 'States.Runtime', cause: expect.stringContaining(cause) });
  });

  it('fails with its iteration', async () => {
    const { output, types } = await run(map({}), [1, 2], { tasks: { Item: [failedWith('Own', 'why')] } });
    expect(output).toEqual({ error: 'Own', cause: 'why' });
    expect(types).toContain('MapIterationFailed');
  });
});
