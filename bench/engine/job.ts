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

export const orderFormats = ['csv', 'ndjson', 'parquet'] as const;
export type OrderFormat = (typeof orderFormats)[number];

/** What it wrote: globs of files. A table without rows may be no file at all. */
export interface JobResult {
  readonly orders: string;
  readonly sales: string;
  /** Parquet, or NDJSON where the name ends so. */
  readonly rejects: {
    readonly files: string;
    /** Name of the column with the position in the file, from 1. */
    readonly record: string;
    /** Expression of the first column that is wrong; `record`: all of it. */
    readonly column: string;
  };
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
