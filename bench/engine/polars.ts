import { linkSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Contender, type JobOptions, orderTypes } from './job.ts';
import { columns } from './orders.ts';
import { peer } from './peers.ts';

/** The standard job with nodejs-polars, eager: its lazy engine cannot number what it streams. */
export const polars: Contender = async (options) => {
  process.env.POLARS_MAX_THREADS = String(options.threads);
  const pl = await peer('nodejs-polars');
  return async () => work(pl, options);
};

function work(pl: any, options: JobOptions) {
  const { folder, products } = options;
  const verdict = judged(pl, options);
  const parquet = { compression: 'zstd' };
  const text = (name: string) => pl.col(`given_${name}`).cast(pl.Utf8).fillNull(pl.lit(''));
  const raw = options.format === 'ndjson' ? pl.col('line') : pl.concatString([...columns].map(text), ',');
  const bad = verdict.filter(pl.col('reason').neq(pl.lit('')));
  bad
    .select(
      pl.col('record').cast(pl.Int64),
      pl.col('reason').str.split(' ').lst.first().alias('column'),
      pl.col('reason'),
      raw.alias('raw'),
    )
    .writeParquet(join(folder, 'rejects.parquet'), parquet);
  const good = verdict
    .filter(
      pl
        .col('reason')
        .eq(pl.lit(''))
        .and(pl.col('status').neq(pl.lit('cancelled'))),
    )
    .select(...Object.keys(orderTypes), 'record');
  const lookup = pl.readCSV(products, { columns: ['sku', 'category', 'supplier'] });
  const clean = good
    .sort(['updated', 'record'])
    .unique({ maintainOrder: false, subset: ['order_id'], keep: 'last' })
    .withColumns(
      pl.col('placed').cast(pl.Date).alias('day'),
      pl
        .col('quantity')
        .cast(pl.Float64)
        .mul(pl.col('unit_price'))
        .mul(pl.lit(1).minus(pl.col('discount')))
        .alias('revenue'),
    )
    .join(lookup, { leftOn: 'product', rightOn: 'sku', how: 'left' })
    .drop('record');
  mkdirSync(join(folder, 'orders'));
  for (const [index, part] of clean.partitionBy(['day'], false, true).entries())
    part.writeParquet(join(folder, 'orders', `${index}.parquet`), parquet);
  const sales = clean
    .groupBy('day', 'country')
    .agg(pl.col('order_id').count().alias('orders'), pl.col('quantity').sum());
  sales.writeParquet(join(folder, 'sales.parquet'), parquet);
  clean.select(
    pl.col('category').count(),
    pl.col('order_id').nUnique(),
    pl.col('discount').gtEq(0).and(pl.col('discount').ltEq(0.5)).sum(),
  );
  return {
    orders: join(folder, 'orders/*.parquet'),
    sales: join(folder, 'sales.parquet'),
    rejects: { files: join(folder, 'rejects.parquet'), record: 'record', column: '"column"' },
  };
}

/** Rows as they were read, typed, and with the first reason against each. */
function judged(pl: any, options: JobOptions): any {
  const { rows, unreadable } = given(pl, options);
  const converted = Object.entries(orderTypes).map(([name, type]) => {
    const given = pl.col(`given_${name}`);
    if (type === 'BIGINT') return given.cast(pl.Int64, false).alias(name);
    if (type === 'DOUBLE') return given.cast(pl.Float64, false).alias(name);
    if (type === 'VARCHAR' || options.format === 'parquet') return given.alias(name);
    return given.str.strptime(pl.Datetime('ms'), '%Y-%m-%d %H:%M:%S').alias(name);
  });
  const rules: [any, string][] = [
    ...unreadable,
    ...Object.entries(orderTypes).flatMap(([name, type]): [any, string][] => [
      [pl.col(`given_${name}`).isNull(), `${name} is missing`],
      [pl.col(name).isNull(), `${name} is not ${type}`],
    ]),
    [pl.col('quantity').lt(1), 'quantity is below 1'],
    [pl.col('unit_price').lt(0), 'unit_price is below 0'],
    [pl.col('discount').lt(0).or(pl.col('discount').gt(1)), 'discount is out of range'],
    [pl.col('country').str.lengths().neq(2), 'country is not a code'],
  ];
  const reason = rules.reduceRight(
    (otherwise, [bad, why]) => pl.when(bad).then(pl.lit(why)).otherwise(otherwise),
    pl.lit(''),
  );
  return rows.withColumns(...converted).withColumns(reason.alias('reason'));
}

/** The columns of the file as `given_…`, the number of each record, and how one is known that could not be read. */
function given(pl: any, { orders, format, folder }: JobOptions): { rows: any; unreadable: [any, string][] } {
  const rowCount = { name: 'record', offset: 1 };
  const renamed = (rows: any) => rows.rename(Object.fromEntries(columns.map((name) => [name, `given_${name}`])));
  switch (format) {
    case 'csv': {
      const dtypes = Object.fromEntries(columns.map((name) => [name, pl.Utf8]));
      const rows = pl.readCSV(orders, {
        dtypes,
        inferSchemaLength: 0,
        rowCount,
        truncateRaggedLines: true,
        missingIsNull: true,
      });
      return { rows: renamed(rows), unreadable: [[pl.col('given_note').isNull(), 'record is cut short']] };
    }
    case 'ndjson': {
      // Its reader of JSON lines gives up at the first that is not JSON, so lines are read as text and decoded. So does
      // its decoder: which lines are JSON is asked first, by a key that every order has.
      const lines = join(folder, 'lines.csv');
      linkSync(orders, lines);
      const decoded = pl.Struct([...columns].map((name) => new pl.Field(name, pl.Utf8)));
      const rows = pl
        .readCSV(lines, { hasHeader: false, sep: '\x01', quoteChar: '\x02', schema: { line: pl.Utf8 }, rowCount })
        .withColumn(pl.col('line').str.jsonPathMatch('$.order_id').isNull().alias('broken'))
        .withColumn(
          pl.when(pl.col('broken')).then(pl.lit('{}')).otherwise(pl.col('line')).str.jsonDecode(decoded).alias('row'),
        )
        .select('record', 'line', 'broken', 'row')
        .unnest('row');
      return { rows: renamed(rows), unreadable: [[pl.col('broken'), 'record is not JSON']] };
    }
    case 'parquet':
      return { rows: renamed(pl.readParquet(orders, { rowCount })), unreadable: [] };
  }
}
