import { mkdirSync } from 'node:fs';
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
  const bad = verdict.filter(pl.col('reason').neq(pl.lit('')));
  bad
    .select(
      pl.col('record').cast(pl.Int64),
      pl.col('reason').str.split(' ').lst.first().alias('column'),
      pl.col('reason'),
      pl
        .concatString(
          columns.map((name) => pl.col(`given_${name}`).fillNull(pl.lit(''))),
          ',',
        )
        .alias('raw'),
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
    rejects: `SELECT record, "column" FROM '${join(folder, 'rejects.parquet')}'`,
  };
}

/** Rows as they were read, typed, and with the first reason against each. */
function judged(pl: any, { orders }: JobOptions): any {
  const texts = Object.fromEntries(columns.map((name) => [name, pl.Utf8]));
  const read = pl
    .readCSV(orders, {
      dtypes: texts,
      inferSchemaLength: 0,
      rowCount: { name: 'record', offset: 1 },
      truncateRaggedLines: true,
      missingIsNull: true,
    })
    .rename(Object.fromEntries(columns.map((name) => [name, `given_${name}`])));
  const converted = Object.entries(orderTypes).map(([name, type]) => {
    const given = pl.col(`given_${name}`);
    if (type === 'BIGINT') return given.cast(pl.Int64, false).alias(name);
    if (type === 'DOUBLE') return given.cast(pl.Float64, false).alias(name);
    return type === 'TIMESTAMP'
      ? given.str.strptime(pl.Datetime('ms'), '%Y-%m-%d %H:%M:%S').alias(name)
      : given.alias(name);
  });
  const rules: [any, string][] = [
    [pl.col('given_note').isNull(), 'record is cut short'],
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
  return read.withColumns(...converted).withColumns(reason.alias('reason'));
}
