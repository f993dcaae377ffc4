import { expect, test } from 'vitest';
import { asJson } from '../../lib/core/as-json.ts';

const endless: Record<string, unknown> = { a: 1 };
endless.self = [endless, { again: endless }];
const twice = { n: 1 };

test.each<[unknown, string | undefined]>([
  [{ n: 5n, list: [2n ** 64n] }, '{"n":"5","list":["18446744073709551616"]}'],
  [{ n: Number.NaN, m: -Infinity, z: 0 }, '{"n":"NaN","m":"-Infinity","z":0}'],
  [endless, '{"a":1,"self":["(itself)",{"again":"(itself)"}]}'],
  [[twice, twice, { twice }], '[{"n":1},{"n":1},{"twice":{"n":1}}]'],
  [undefined, undefined],
])('%s is JSON as far as it goes', (value, expected) => {
  expect(asJson(value)).toBe(expected);
});
