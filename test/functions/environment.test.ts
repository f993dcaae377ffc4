import { availableParallelism } from 'node:os';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { environment } from '../../functions/environment.ts';

afterEach(() => vi.unstubAllEnvs());

describe('the environment of a function', () => {
  test.each([
    ['lake', 'PENSTOCK_LAKE'],
    ['runTable', 'PENSTOCK_RUN_TABLE'],
    ['bus', 'PENSTOCK_BUS'],
    ['pipeline', 'PENSTOCK_PIPELINE'],
  ] as const)('gives %s, and names %s where it is missing', (member, name) => {
    vi.stubEnv(name, 'value');
    expect(environment[member]).toBe('value');
    vi.stubEnv(name, '');
    expect(() => environment[member]).toThrow(`a function lacks an environment variable; received: ${name} is empty`);
    vi.stubEnv(name, undefined);
    expect(() => environment[member]).toThrow(`${name} is not set`);
  });

  test('gives the memory that Lambda says', () => {
    vi.stubEnv('AWS_LAMBDA_FUNCTION_MEMORY_SIZE', '3008');
    expect(environment.machine.memoryMegabytes).toBe(3008);
  });

  test('gives as many threads as processors go with the memory', () => {
    for (const memory of ['512', '1769']) {
      vi.stubEnv('AWS_LAMBDA_FUNCTION_MEMORY_SIZE', memory);
      expect(environment.machine.threads).toBe(1);
    }
    vi.stubEnv('AWS_LAMBDA_FUNCTION_MEMORY_SIZE', '3008');
    expect(environment.machine.threads).toBe(Math.min(2, availableParallelism()));
  });
});
