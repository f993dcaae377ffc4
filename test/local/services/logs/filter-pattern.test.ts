import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../../../local/services/logs/filter-pattern.ts';

const event = JSON.stringify({
  level: 'ERROR',
  count: 5,
  ok: false,
  nothing: null,
  user: { name: 'ann', roles: ['admin', 'dev'] },
  'odd key': 1,
});

describe('filter patterns', () => {
  it.each<[pattern: string, message: string, matches: boolean]>([
    ['', 'anything', true],
    ['ERROR', 'an ERROR here', true],
    ['ERROR', 'an error here', false],
    ['ERROR timeout', 'timeout after ERROR', true],
    ['ERROR timeout', 'ERROR only', false],
    ['"exit code 1"', 'with exit code 1.', true],
    ['"exit code 1"', 'exit code: 1', false],
    ['ERROR -expected', 'ERROR expected', false],
    ['ERROR -expected', 'ERROR sudden', true],
    ['?ERROR ?WARN', 'a WARN', true],
    ['?ERROR ?WARN', 'an INFO', false],
    ['%took [0-9]+ ms%', 'it took 12 ms', true],
    ['%took [0-9]+ ms%', 'it took ages', false],
    ['"say \\"hi\\""', 'they say "hi"', true],
  ])('%s on %s: %s', (pattern, message, matches) => {
    expect(compileFilter(pattern)(message)).toBe(matches);
  });

  it.each<[pattern: string, matches: boolean]>([
    ['{ $.level = "ERROR" }', true],
    ['{ $.level = ERROR }', true],
    ['{ $.level = "ERR*" }', true],
    ['{ $.level != "ERROR" }', false],
    ['{ $.absent != "x" }', false],
    ['{ $.count > 4 && $.count <= 5 }', true],
    ['{ $.count < 5 || $.user.name = "ann" }', true],
    ['{ $.count = 5 && ($.level = "INFO" || $.user.roles[1] = "dev") }', true],
    ['{ $.level = "INFO" || $.level = "ERROR" && $.count = 9 }', false],
    ['{ $.nothing IS NULL }', true],
    ['{ $.ok IS FALSE }', true],
    ['{ $.absent NOT EXISTS }', true],
    ['{ $.user EXISTS }', true],
    ['{ $["odd key"] = 1 }', true],
    ['{ $.__proto__ EXISTS }', false],
  ])('%s on JSON: %s', (pattern, matches) => {
    expect(compileFilter(pattern)(event)).toBe(matches);
  });

  it('never match text by conditions over JSON', () => {
    expect(compileFilter('{ $.a NOT EXISTS }')('no json')).toBe(false);
  });

  it.each(['{ $.a }', '{ $.a = }', '{ $.a = 1', '{ $.a > big }', '"open', '%(%', 'a ?b', '{ $.a = 1 } x'])(
    'refuse %s',
    (pattern) => {
      expect(() => compileFilter(pattern)).toThrow(expect.objectContaining({ code: 'InvalidParameterException' }));
    },
  );

  it('say that space-delimited patterns are not supported', () => {
    expect(() => compileFilter('[ip, user, status = 5*]')).toThrow(expect.objectContaining({ statusCode: 501 }));
  });
});
