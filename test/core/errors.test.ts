import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { errorCatalogue, errorNamesOf, errorNamesToRetry } from '../../lib/core/errors/catalogue.ts';
import { InputMissingError } from '../../lib/core/errors/input-missing-error.ts';
import { failureKind } from '../../lib/core/retryable-errors.ts';

const classes = Object.entries(errorCatalogue);
const abstractFiles = [
  'penstock-error.ts',
  'retryable-error.ts',
  'delayed-error.ts',
  'terminal-error.ts',
  'catalogue.ts',
];

describe.each(classes)('%s', (name, Failure) => {
  const error = new Failure({ problem: 'it broke', change: 'mend it' });

  test('has its class name as its name, also where a bundler renames the class', () => {
    expect(Object.hasOwn(error, 'name')).toBe(true);
    expect(error.name).toBe(name);
    expect(Failure.name).toBe(name);
  });

  test('has the code that its name spells', () => {
    const words = name.replace(/Error$/, '').match(/[A-Z][a-z0-9]*/g)!;
    expect(error.code).toBe(words.join('_').toUpperCase());
  });
});

describe('the catalogue', () => {
  test('holds every class of the folder', () => {
    const files = readdirSync(new URL('../../lib/core/errors/', import.meta.url)).filter(
      (file) => !abstractFiles.includes(file),
    );
    const names = files.map((file) =>
      file.replace('.ts', '').replace(/(^|-)(\w)/g, (_, __, letter) => letter.toUpperCase()),
    );
    expect(names.sort()).toEqual(classes.map(([name]) => name).sort());
  });

  test('gives no code twice', () => {
    const codes = classes.map(([, Failure]) => new Failure({ problem: '', change: '' }).code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  test('tells what is worth trying again from what is not', () => {
    expect(errorNamesOf('transient')).toEqual([
      'ChunkInterruptedError',
      'CommitConflictError',
      'RetryBudgetSpentError',
      'ServiceUnavailableError',
      'WriteConflictError',
    ]);
    expect(errorNamesOf('throttled')).toEqual([
      'CircuitOpenError',
      'ServiceDelayedError',
      'ServiceThrottledError',
      'TableBusyError',
    ]);
    for (const [, Failure] of classes) {
      const { kind, disposition } = new Failure({ problem: '', change: '' });
      expect(disposition === 'retryable').toBe(kind === 'transient' || kind === 'throttled');
    }
  });

  test('has an error of every kind', () => {
    const kinds = [
      'transient',
      'throttled',
      'permanent',
      'data',
      'authorisation',
      'not-found',
      'configuration',
    ] as const;
    for (const kind of kinds) expect(errorNamesOf(kind), kind).not.toEqual([]);
    expect(kinds.flatMap(errorNamesOf).sort()).toEqual(classes.map(([name]) => name).sort());
  });

  test('parts what is tried again with back-off from what says when, and from what waits for a person', () => {
    expect(errorNamesToRetry('throttled', 'back-off')).toEqual(['ServiceThrottledError']);
    expect(errorNamesToRetry('throttled', 'delay')).toEqual([
      'CircuitOpenError',
      'ServiceDelayedError',
      'TableBusyError',
    ]);
    expect(errorNamesToRetry('transient', 'redrive')).toEqual(['RetryBudgetSpentError']);
    const manners = ['back-off', 'delay', 'redrive'] as const;
    const retried = manners.flatMap((manner) =>
      ['transient', 'throttled'].flatMap((kind) => errorNamesToRetry(kind as 'transient', manner)),
    );
    expect(retried.sort()).toEqual([...errorNamesOf('transient'), ...errorNamesOf('throttled')].sort());
  });

  test.each([
    ['AccessRefusedError', undefined, 'authorisation'],
    ['InputMissingError', undefined, 'not-found'],
    ['RejectBudgetExceededError', undefined, 'data'],
    ['SecretUnusableError', undefined, 'configuration'],
    ['InputConsumedError', undefined, 'permanent'],
    ['ColumnMissingError', 'data', 'data'],
    ['InputMissingError', 'data', 'not-found'],
    ['Lambda.TooManyRequestsException', undefined, 'throttled'],
    ['States.Timeout', undefined, 'transient'],
    ['TypeError', undefined, 'permanent'],
  ] as const)('%s, which calls itself %s, is %s', (name, told, kind) => {
    expect(failureKind(name, told)).toBe(kind);
  });
});

describe('a message', () => {
  test('says what went wrong, what came, what is allowed and what to change', () => {
    const error = new InputMissingError({
      problem: 'the file is gone.',
      received: 'a.csv',
      allowed: ['b.csv', 'c.csv'],
      change: 'put it back',
    });
    expect(error.message).toBe('the file is gone; received: a.csv; allowed: b.csv, c.csv; put it back');
  });

  test('leaves out what is not known', () => {
    expect(new InputMissingError({ problem: 'gone', change: 'put it back' }).message).toBe('gone; put it back');
  });

  test('shows values as JSON, large numbers too', () => {
    const error = new InputMissingError({ problem: 'p', received: { rows: 3, at: 12n }, change: 'c' });
    expect(error.message).toBe('p; received: {"rows":3,"at":"12"}; c');
  });

  test('keeps the cause', () => {
    const cause = new TypeError('x');
    expect(new InputMissingError({ problem: 'p', change: 'c', cause }).cause).toBe(cause);
  });
});
