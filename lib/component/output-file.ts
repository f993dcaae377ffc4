/** How rows become a file. */
export type OutputFormat = ParquetFormat | TextFormat;

/** zstd; types as they are. */
export interface ParquetFormat {
  readonly kind: 'parquet';
}

export type TextFormat = CsvFormat | JsonFormat;

/** As RFC 4180 quotes: what holds a delimiter, a quote or a line break stands in quotes, and quotes in it are doubled. */
export interface CsvFormat {
  readonly kind: 'csv';
  readonly delimiter: string;
  readonly header: boolean;
  /** What stands for no value, without quotes; a text that is the same gets some. */
  readonly nullText: string;
  readonly lineEnd: 'lf' | 'crlf';
  /** True: no text is a formula to a spreadsheet. */
  readonly neutraliseFormulas: boolean;
  readonly compression: Compression;
}

/** `ndjson`: an object a line. `json`: one array of them a file. */
export interface JsonFormat {
  readonly kind: 'ndjson' | 'json';
  /** BIGINT and DECIMAL as numbers with all of their digits, or as text, which no reader rounds. */
  readonly longNumbers: 'number' | 'text';
  readonly compression: Compression;
}

export type Compression = 'none' | 'gzip' | 'zstd';

/** How large the files of an output become, and the parts that readers of Parquet skip. Absent: as it comes. */
export interface FileSizes {
  /** Rows of a row group at the most, counted in steps of 2,048. */
  readonly rowGroupRows?: number;
  /** Bytes of a row group as stored, about. */
  readonly rowGroupBytes?: number;
  /** Bytes of a file as stored, about: more rows go to further files. */
  readonly fileBytes?: number;
}

const endings: Readonly<Record<Compression, string>> = { none: '', gzip: '.gz', zstd: '.zst' };

/** Ending of the names of such files, e.g. `.csv.gz`. */
export function endingOf(format: OutputFormat): string {
  return format.kind === 'parquet' ? '.parquet' : `.${format.kind}${endings[format.compression]}`;
}
