import { describe, expect, it } from 'vitest';
import { measure, takes } from '../../bench/engine.bench.ts';
import { readOptions } from '../../bench/options.ts';
import { CommandUsageError } from '../../lib/cli/errors.ts';

const read = (...argv: string[]) => readOptions('engine', takes, argv);
const refusal = async (work: () => unknown): Promise<CommandUsageError> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof CommandUsageError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('options of a bench', () => {
  it('are read, each in its type', () => {
    expect(read('--rows', '1', '--engines', 'penstock, polars,penstock', '--chunks', 'planned', '--growth')).toEqual({
      options: { rows: 1, engines: ['penstock', 'polars'], chunks: 'planned', growth: true },
    });
  });

  it('take the first seed that there is', () => {
    expect(readOptions('faults', ['from'], ['--from', '0'])).toEqual({ options: { from: 0 } });
  });

  it.each([
    ['--rows', '0'],
    ['--rows', 'x'],
    ['--rows', '-3'],
    ['--rows', '1.5'],
    ['--rows', ''],
    ['--threads', '0'],
    ['--repeat', '1e3'],
    ['--memory', '127'],
    ['--memory', '10241'],
    ['--chunks', 'some'],
    ['--engines', 'penstock,'],
    ['--json', '/no/such/folder/file.json'],
    ['--json', import.meta.dirname],
  ])('refuse %s %s in four parts', async (option, text) => {
    const error = await refusal(() => read(option, text));
    expect(error.problem).toContain(option);
    expect(error.received).toBe(text || 'nothing');
    expect(error.allowed).toBeTruthy();
    expect(error.change).toBeTruthy();
  });

  it('are refused where the bench does not take them', async () => {
    const error = await refusal(() => readOptions('local', ['repeat'], ['--rows', '5']));
    expect(error.received).toBe('--rows');
    expect(error.allowed).toContain('--repeat <n>');
  });
});

describe('the bench of the engine', () => {
  it.each([
    [{ engines: ['polar'] }, 'polar', 'did you mean "polars"?'],
    [{ engines: ['constructor'] }, 'constructor', 'give one of these'],
    [{ format: 'xml' }, 'xml', 'give one of these'],
    [{ growth: true, chunks: 3 }, '--chunks beside --growth', 'leave out --chunks'],
  ])('refuses %j before it measures', async (options, received, change) => {
    expect(await refusal(() => measure(options))).toMatchObject({ received, change });
  });
});
