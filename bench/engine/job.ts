/** What each contender of the standard job is given. */
export interface JobOptions {
  readonly orders: string;
  readonly products: string;
  /** An empty folder for what it writes. */
  readonly folder: string;
  readonly format: OrderFormat;
  readonly rows: number;
  readonly threads: number;
  /** Of the function that it stands for. */
  readonly memoryMegabytes: number;
  /** Chunks that Penstock cuts the input into, or as many as its plan does. Others take it whole. */
  readonly chunks: number | 'planned';
}

export type OrderFormat = 'csv' | 'ndjson' | 'parquet';

/** What it wrote, as DuckDB reads it. */
export interface JobResult {
  /** Globs of Parquet files. */
  readonly orders: string;
  readonly sales: string;
  /** SELECT of `record` (position in the file, from 1) and `column` (the first that is wrong; `record`: all of it). */
  readonly rejects: string;
}

/** Loads what it needs; what it gives back does the job, and only that is measured. */
export type Contender = (options: JobOptions) => Promise<() => Promise<JobResult>>;

/** The contract of the orders: DuckDB types by column. */
export const orderTypes = {
  order_id: 'BIGINT',
  customer: 'BIGINT',
  email: 'VARCHAR',
  product: 'VARCHAR',
  quantity: 'BIGINT',
  unit_price: 'DOUBLE',
  discount: 'DOUBLE',
  country: 'VARCHAR',
  channel: 'VARCHAR',
  status: 'VARCHAR',
  placed: 'TIMESTAMP',
  updated: 'TIMESTAMP',
} as const;
