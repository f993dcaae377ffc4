import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fieldId } from '../../lib/component/field-id.ts';
import { columnIds } from '../../lib/iceberg/column-ids.ts';
import { evolveSchema, firstSchema, type SchemaHistory, type StoredColumn } from '../../lib/iceberg/evolve-schema.ts';

type Renamed = Readonly<Record<string, string>>;
type Columns = Readonly<Record<string, string>>;

const stored = (columns: Columns, ids: ReturnType<typeof columnIds> = {}): StoredColumn[] =>
  Object.entries(columns).map(([name, type]) => ({
    name,
    type,
    nullable: true,
    ...(Object.hasOwn(ids, name) && { ids: ids[name]! }),
  }));
const texts = (...names: string[]): Columns => Object.fromEntries(names.map((name) => [name, 'VARCHAR']));
const idOf = (name: string, type = 'VARCHAR') => fieldId([name], type);

/** What runs make of the schema of a table, one after the other. */
class Table {
  history: SchemaHistory | undefined;

  /** A run of a plan with these columns. */
  run(columns: Columns, renamed?: Renamed, keepRows = true): this {
    return this.publish(this.begin(columns, renamed), renamed, keepRows);
  }

  /** Ids are known when a run begins. */
  begin(columns: Columns, renamed?: Renamed): StoredColumn[] {
    return stored(columns, renamed && this.history ? columnIds(this.history, stored(columns), renamed) : {});
  }

  publish(columns: StoredColumn[], renamed?: Renamed, keepRows = true): this {
    const { history } = this;
    const { schema, lastColumnId } = history
      ? evolveSchema(history, columns, { keepRows, renamed })
      : firstSchema(columns);
    const schemas = history?.schemas ?? [];
    this.history = {
      schemas: schemas.includes(schema) ? schemas : [...schemas, schema],
      'current-schema-id': schema['schema-id'],
      'last-column-id': lastColumnId,
    };
    return this;
  }

  get fields() {
    return this.history!.schemas.find((schema) => schema['schema-id'] === this.history!['current-schema-id'])!.fields;
  }

  /** Ids by the names of now. */
  get ids() {
    return Object.fromEntries(this.fields.map(({ id, name }) => [name, id]));
  }
}

const [a, b] = ['a', 'b'].map((name) => idOf(name));

test.each<[string, (table: Table) => Table, Record<string, unknown>]>([
  ['renamed', (table) => table.run(texts('b'), { b: 'a' }), { b: a }],
  ['renamed, and published again', (table) => table.run(texts('b'), { b: 'a' }).run(texts('b'), { b: 'a' }), { b: a }],
  ['renamed twice', (table) => table.run(texts('b'), { b: 'a' }).run(texts('c'), { c: 'b' }), { c: a }],
  [
    'renamed twice, and said from the first name',
    (table) => table.run(texts('b'), { b: 'a' }).run(texts('c'), { c: 'a' }),
    { c: a },
  ],
  ['renamed back', (table) => table.run(texts('b'), { b: 'a' }).run(texts('a'), { a: 'b' }), { a }],
  [
    'renamed where a new column takes its name',
    (table) => table.run(texts('a', 'b'), { b: 'a' }),
    { b: a, a: idOf('a (2)') },
  ],
  [
    'renamed where a new column takes its name, and is renamed as well',
    (table) => table.run(texts('a', 'b'), { b: 'a' }).run(texts('b', 'c'), { b: 'a', c: 'a' }),
    { b: a, c: idOf('a (2)') },
  ],
  ['renamed while the new name is of another case', (table) => table.run(texts('A'), { A: 'a' }), { A: a }],
  ['said to have had a name that the table never knew', (table) => table.run(texts('a'), { a: 'older' }), { a }],
  [
    'renamed before there is a table',
    (table) => {
      table.history = undefined;
      return table.run(texts('b'), { b: 'a' }).run(texts('b'), { b: 'a' });
    },
    { b },
  ],
])('a column that was %s has its id', (_, steps, ids) => {
  expect(steps(new Table().run(texts('a'))).ids).toEqual(ids);
});

test('columns swap and shift their names, once', () => {
  const swap = { a: 'b', b: 'a' };
  const table = new Table().run(texts('a', 'b')).run(texts('a', 'b'), swap).run(texts('a', 'b'), swap);
  expect(table.ids).toEqual({ a: b, b: a });
  const shift = { b: 'a', c: 'b' };
  const other = new Table().run(texts('a', 'b')).run(texts('b', 'c'), shift).run(texts('b', 'c'), shift);
  expect(other.ids).toEqual({ b: a, c: b });
});

test('a name that a column has left is free for another one', () => {
  const table = new Table().run(texts('a', 'b')).run(texts('a')).run(texts('b'), { b: 'a' });
  expect(table.ids).toEqual({ b: a });
  // What it is renamed from is said no longer where it is renamed again, and its name is free for a new one.
  expect(table.run(texts('b', 'c'), { c: 'b' }).ids).toEqual({ b, c: a });
});

test('a column takes the name of one that goes with the same run', () => {
  const table = new Table()
    .run(texts('a', 'b', 'c'))
    .run(texts('b', 'c'), { b: 'a' })
    .run(texts('b', 'c'), { b: 'a' });
  expect(table.ids).toEqual({ b: a, c: idOf('c') });
  // The one that went comes back where its name is free again.
  expect(table.run(texts('b', 'd'), { d: 'b' }).ids).toEqual({ b, d: a });
});

test('other members of an object are refused, with what to do instead', () => {
  const table = new Table().run({ o: 'STRUCT(road VARCHAR, n INTEGER)' });
  for (const type of ['STRUCT(street VARCHAR, n INTEGER)', 'STRUCT(road VARCHAR)', 'STRUCT(road VARCHAR, n INTEGER)[]'])
    expect(() => table.run({ o: type })).toThrow(/give "o" the members that it had|cast "o"/);
});

test('a column that is renamed may become wider at the same time, and nothing else', () => {
  const table = new Table().run({ a: 'INTEGER', f: 'FLOAT', d: 'DECIMAL(5,2)', l: 'INTEGER[]' });
  const wide = { b: 'BIGINT', g: 'DOUBLE', e: 'DECIMAL(9,2)', m: 'INTEGER[]' };
  table.run(wide, { b: 'a', g: 'f', e: 'd', m: 'l' });
  expect(table.fields.map(({ name, type }) => [name, type])).toEqual([
    ['b', 'long'],
    ['g', 'double'],
    ['e', 'decimal(9, 2)'],
    ['m', expect.objectContaining({ type: 'list', element: 'int' })],
  ]);
  // Narrow rows fit into the wider column.
  expect(table.run({ ...wide, b: 'INTEGER' }, { b: 'a' }).fields[0]).toMatchObject({ name: 'b', type: 'long' });
  for (const other of [{ c: 'VARCHAR' }, { c: 'DECIMAL(9,3)' }])
    expect(() => table.begin(other, { c: 'e' })).toThrow(/is decimal\(9, 2\) in the table/);
  expect(() => table.begin({ c: 'BIGINT[]' }, { c: 'm' })).toThrow(/is INTEGER\[\] in the table/);
});

test('what is inside of a renamed column keeps its ids as well', () => {
  const type = 'STRUCT("at" STRUCT("__proto__" INTEGER), n INTEGER[])[]';
  const table = new Table().run({ a: type });
  const before = table.fields[0]!;
  expect(table.run({ b: type }, { b: 'a' }).fields).toEqual([{ ...before, name: 'b' }]);
});

test('what another writer has said of a column stays with it, and its ids do', () => {
  const table = new Table();
  const field = (id: number, name: string) => ({ id, name, required: true, type: 'long', doc: `the ${name}` });
  table.history = {
    schemas: [
      { type: 'struct', 'schema-id': 0, fields: [field(1, 'a'), field(2, 'b')], 'identifier-field-ids': [1, 2] },
    ],
    'current-schema-id': 0,
    'last-column-id': 2,
  };
  const columns = (names: string[], ids: ReturnType<typeof columnIds>) =>
    names.map((name) => ({ name, type: 'BIGINT', nullable: name === 'b', ...(ids[name] && { ids: ids[name] }) }));
  const renamed = { c: 'a' };
  const ids = columnIds(table.history, columns(['c', 'b'], {}), renamed);
  table.publish(columns(['c', 'b'], ids), renamed);
  expect(table.fields).toEqual([
    { ...field(1, 'a'), name: 'c' },
    { ...field(2, 'b'), required: false },
  ]);
  // A key has no NULLs, so that of the column that may have them is gone.
  expect(table.history.schemas.at(-1)).toMatchObject({ 'identifier-field-ids': [1] });
});

test('rows of a plan that does not know of a rename yet land in the column under its new name', () => {
  const table = new Table().run(texts('a', 'x'));
  const early = table.begin(texts('a', 'x'));
  table.run(texts('b', 'x'), { b: 'a' });
  expect(evolveSchema(table.history!, early, { keepRows: true }).called).toEqual(new Map([['a', 'b']]));
  expect(table.publish(early).ids).toEqual({ b: a, x: idOf('x') });
  // A run that replaces all rows says what columns are called.
  expect(table.run(texts('a'), undefined, false).ids).toEqual({ a });
});

test.each<[string, (table: Table) => unknown, object]>([
  [
    'an old name that the table does not have',
    (table) => table.begin(texts('z'), { z: 'clint' }),
    { received: 'clint', allowed: ['client', 'other'], change: 'did you mean "client"?' },
  ],
  [
    'a name that another column has, beside a column of the old name',
    (table) => table.begin(texts('client', 'other'), { other: 'client' }),
    { received: '"other", renamed from "client"', change: /roll the table back/ },
  ],
  [
    'a name under which rows have been published already',
    (table) => table.run(texts('customer', 'other')).begin(texts('customer', 'other'), { customer: 'client' }),
    { received: '"customer", renamed from "client"' },
  ],
  [
    'the new name alone',
    (table) => table.run(texts('customer'), { customer: 'client' }).run(texts('customer')),
    { change: 'give the sink `renamed: { "customer": "client" }`, or give the column another name' },
  ],
  [
    'a swap of names that were given before',
    (table) =>
      table.run(texts('b', 'client'), { b: 'client' }).begin(texts('b', 'client'), { b: 'client', client: 'b' }),
    { received: '"client", renamed from "b", and "b", renamed from "client"' },
  ],
  [
    'an old name that has come to the table since the run began',
    (table) => {
      const early = new Table().begin(texts('customer'), { customer: 'client' });
      return table.publish(early, { customer: 'client' });
    },
    { change: 'start the run again' },
  ],
])('%s is refused', (_, step, error) => {
  const table = new Table().run(texts('client', 'other'));
  let thrown: any;
  try {
    step(table);
  } catch (cause) {
    thrown = cause;
  }
  expect({ ...thrown, name: thrown?.name }).toMatchObject({ name: 'TableSchemaError' });
  for (const [part, value] of Object.entries(error))
    expect(thrown[part]).toEqual(value instanceof RegExp ? expect.stringMatching(value) : value);
});

const names = ['a', 'b', 'c', 'd'];

/** A column as its author knows it, whatever it is called. */
interface Identity {
  readonly born: string;
  last: string;
  id?: number;
}

const deploy = fc.record({
  // For each name that is there: the name that it gets, or that it goes.
  to: fc.tuple(...names.map(() => fc.option(fc.constantFrom(...names), { freq: 4 }))),
  add: fc.subarray(names),
  runs: fc.integer({ min: 1, max: 2 }),
});

test('however columns come, go and take names of each other, each keeps its id and none gets that of another', () => {
  fc.assert(
    fc.property(fc.subarray(names, { minLength: 1 }), fc.array(deploy, { maxLength: 6 }), (first, deploys) => {
      const all: Identity[] = [];
      // A column that comes back is the one that went.
      const born = (name: string, now: ReadonlyMap<string, Identity>): Identity =>
        all.find((one) => one.born === name && one.last === name && ![...now.values()].includes(one)) ?? {
          born: name,
          last: name,
        };
      let now: ReadonlyMap<string, Identity> = new Map(first.map((name) => [name, { born: name, last: name }]));
      all.push(...now.values());
      const said = new Set<string>();
      const table = new Table().run(texts(...now.keys()));
      for (const { to, add, runs } of deploys) {
        const next = new Map<string, Identity>();
        const renamed: Record<string, string> = {};
        for (const [name, one] of now) {
          const target = to[names.indexOf(name)];
          if (!target || next.has(target)) continue;
          next.set(target, one);
          if (target !== name) renamed[target] = name;
        }
        const moved = Object.values(renamed);
        // The same words mean what they meant before.
        if (Object.entries(renamed).some(([name, old]) => now.has(name) && said.has(`${name} ${old}`))) continue;
        for (const name of add)
          if (!next.has(name) && (!now.has(name) || moved.includes(name))) next.set(name, born(name, now));
        if (next.size === 0 || Object.keys(renamed).length === 0) continue;
        try {
          for (let run = 0; run < runs; run++) table.run(texts(...next.keys()), renamed);
        } catch (error) {
          // A name is free once its column is called otherwise, not while it only goes.
          expect(
            Object.keys(renamed).some((name) => now.has(name)),
            String(error),
          ).toBe(true);
          expect(error).toMatchObject({ name: 'TableSchemaError' });
          continue;
        }
        for (const [name, old] of Object.entries(renamed)) said.add(`${name} ${old}`);
        for (const [name, one] of next) {
          if (!all.includes(one)) all.push(one);
          expect(table.ids[name], name).toBe(one.id ?? table.ids[name]);
          Object.assign(one, { id: table.ids[name], last: name });
        }
        const ids = all.flatMap(({ id }) => id ?? []);
        expect(new Set(ids).size).toBe(ids.length);
        now = next;
      }
    }),
    { numRuns: 200 },
  );
});
