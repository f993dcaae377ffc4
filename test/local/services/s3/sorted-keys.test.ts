import { array, assert, boolean, constantFrom, integer, property, record, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys } from '../../../../local/services/s3/key-order.ts';
import { listKeys } from '../../../../local/services/s3/listing.ts';
import { SortedKeys } from '../../../../local/services/s3/sorted-keys.ts';

const anyKey = string({ unit: 'binary', maxLength: 6 });
const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const all = (keys: SortedKeys) => {
  const cursor = keys.seek(() => true);
  const found: string[] = [];
  for (let key = cursor.next(); key !== undefined; key = cursor.next()) found.push(key);
  return found;
};

describe('sorted keys', () => {
  it('are ordered by their UTF-8 bytes', () => {
    assert(property(anyKey, anyKey, (a, b) => Math.sign(compareKeys(a, b)) === Math.sign(byBytes(a, b))));
  });

  it('hold what was added and not deleted, in order', () => {
    const changes = array(tuple(boolean(), integer({ min: 0, max: 5000 })), { maxLength: 3000, size: 'max' });
    assert(
      property(changes, (steps) => {
        const keys = new SortedKeys();
        const model = new Set<string>();
        for (const [add, number] of steps) {
          const key = `k${number}`;
          if (add) keys.add(key);
          else keys.delete(key);
          if (add) model.add(key);
          else model.delete(key);
        }
        expect(all(keys)).toEqual([...model].sort(byBytes));
        expect(keys.size).toBe(model.size);
      }),
      { numRuns: 20 },
    );
  });

  it('list page by page what one long list would give', () => {
    const key = array(constantFrom('a', 'b', '/', 'é'), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    const options = record({
      prefix: constantFrom('', 'a', 'a/', 'b/'),
      delimiter: constantFrom(undefined, '/', 'b/'),
    });
    assert(
      property(
        array(key, { maxLength: 40 }),
        options,
        integer({ min: 1, max: 5 }),
        (keys, { prefix, delimiter }, limit) => {
          const sorted = new SortedKeys(new Set(keys));
          const expected: string[] = [];
          for (const each of all(sorted).filter((each) => each.startsWith(prefix))) {
            const cut = delimiter === undefined ? -1 : each.indexOf(delimiter, prefix.length);
            const name = cut < 0 ? each : each.slice(0, cut + delimiter!.length);
            if (!expected.includes(name)) expected.push(name);
          }
          const found: string[] = [];
          let after: string | undefined;
          do {
            const page = listKeys(sorted, { prefix, delimiter, after, limit, include: () => true });
            found.push(...page.entries.map(({ name }) => name));
            after = page.next;
          } while (after !== undefined);
          expect(found).toEqual(expected);
        },
      ),
    );
  });

  it('pass over a long common prefix without looking at each of its keys', () => {
    const keys = new SortedKeys(Array.from({ length: 100_000 }, (_, index) => `folder/${index}`).concat('last'));
    let looked = 0;
    const include = () => {
      looked += 1;
      return true;
    };
    const { entries } = listKeys(keys, { prefix: '', delimiter: '/', limit: 1000, include });
    expect(entries.map(({ name }) => name)).toEqual(['folder/', 'last']);
    expect(looked).toBe(2);
  });
});
