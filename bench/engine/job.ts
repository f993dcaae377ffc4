/** What each contender of the standard job is given. */
export interface JobOptions {
  readonly orders: string;
  readonly products: string;
  /** An empty folder for what it writes. */
  readonly folder: string;
  readonly format: 'csv' | 'ndjson';
  readonly threads: number;
  /** Of the function that it stands for. */
  readonly memoryMegabytes: number;
}

/** Where it wrote its tables, as globs. */
export interface JobResult {
  readonly ordersFiles: string;
  readonly salesFiles: string;
}
