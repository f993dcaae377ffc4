import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { aliveEntries, changeTable, type TableChange, type TableFiles } from '../../lib/iceberg/change-table.ts';
import type { ManifestEntry } from '../../lib/iceberg/data-file.ts';
import { describeFile, type WrittenColumn, type WrittenFile } from '../../lib/iceberg/describe-file.ts';
import { evolveSchema, firstSchema, type StoredColumn } from '../../lib/iceberg/evolve-schema.ts';
import { type ManifestSummary, manifestsOf } from '../../lib/iceberg/manifest-list.ts';
import { evolveSpec, noSpecs, type Partitioning } from '../../lib/iceberg/partition-spec.ts';
import { currentSnapshot, type TableMetadata } from '../../lib/iceberg/table-metadata.ts';
import { query } from '../fixtures/engine/duckdb.ts';

/** One file of a change: rows as a SELECT, and its partition as DuckDB prints it. */
export interface Part {
  readonly rows: string;
  readonly partition?: readonly (string | null)[];
}

interface Step extends Pick<TableChange, 'becomes' | 'facts'> {
  readonly columns: readonly StoredColumn[];
  readonly layout?: readonly Partitioning[];
  readonly parts: readonly Part[];
  readonly keepRows?: boolean;
}

/** An Iceberg table in a folder that a server on loopback shows to readers that only know URLs. */
export class TableOnDisk {
  readonly folder = mkdtempSync(join(tmpdir(), 'iceberg-'));
  readonly #server = createServer((request, response) => {
    const path = join(this.folder, decodeURIComponent(request.url!));
    if (!existsSync(path)) return response.writeHead(404).end();
    const bytes = readFileSync(path);
    const range = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '');
    if (!range) return response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    response.writeHead(206).end(bytes.subarray(Number(range[1]), range[2] ? Number(range[2]) + 1 : undefined));
  });
  readonly #files: TableFiles = {
    read: async (path) => readFileSync(this.pathOf(path)),
    create: async (path, bytes) => {
      mkdirSync(dirname(this.pathOf(path)), { recursive: true });
      writeFileSync(this.pathOf(path), bytes, { flag: 'wx' });
    },
  };
  metadata: TableMetadata | undefined;
  file = '';
  #changes = 0;

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    rmSync(this.folder, { recursive: true });
  }

  get location(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/orders`;
  }

  pathOf(uri: string): string {
    return join(this.folder, new URL(uri).pathname);
  }

  /** What the list of the current snapshot says of its manifests. */
  async manifests(metadata: TableMetadata): Promise<ManifestSummary[]> {
    return manifestsOf(await this.#files.read(currentSnapshot(metadata)!['manifest-list']));
  }

  /** Entries of the manifests of the current snapshot, the oldest first. */
  async entries(metadata: TableMetadata): Promise<ManifestEntry[]> {
    const { schemas } = metadata;
    const schema = schemas.find((one) => one['schema-id'] === metadata['current-schema-id'])!;
    const listed = (await this.manifests(metadata)).map((manifest) => {
      const spec = metadata['partition-specs'].find((one) => one['spec-id'] === manifest.specId)!;
      return aliveEntries(this.#files, manifest, { spec, schemas, schema });
    });
    return (await Promise.all(listed)).flat();
  }

  /** Writes the parts as Parquet with field ids, and the table's next metadata. */
  async change({ columns, layout = [], parts, keepRows = true, ...rest }: Step): Promise<TableMetadata> {
    const number = ++this.#changes;
    const before = this.metadata;
    const schema = before ? evolveSchema(before, columns, { keepRows }) : firstSchema(columns);
    const partitioning = evolveSpec(before ?? noSpecs, schema.schema, layout);
    const added = [];
    for (const [index, part] of parts.entries()) {
      const uri = `${this.location}/data/${number}-${index}.parquet`;
      const written = await writePart(part, schema.schema.fields, { path: this.pathOf(uri), uri });
      added.push(describeFile(written, schema.schema, partitioning.spec));
    }
    this.metadata = await changeTable(this.#files, {
      base: before && { metadata: before, file: this.file },
      uuid: '6f2c6a0e-8a5b-4d0c-9f43-2b7f0c6f1a11',
      location: this.location,
      schema,
      partitioning,
      added,
      snapshotId: 1_000_000_007 * number,
      at: 1_790_000_000_000 + number,
      ...rest,
    });
    this.file = `${this.location}/metadata/v${number}.metadata.json`;
    writeFileSync(this.pathOf(this.file), JSON.stringify(this.metadata));
    return this.metadata;
  }
}

async function writePart(
  { rows, partition = [] }: Part,
  fields: readonly { readonly name: string; readonly id: number }[],
  { path, uri }: { readonly path: string; readonly uri: string },
): Promise<WrittenFile> {
  mkdirSync(dirname(path), { recursive: true });
  const ids = fields.map(({ name, id }) => `"${name}": ${id}`).join(', ');
  const [stats] = await query(
    `COPY (${rows}) TO '${path}' (FORMAT parquet, COMPRESSION zstd, FIELD_IDS {${ids}}, RETURN_STATS true)`,
  );
  const columns = (stats!.column_statistics as { key: string; value: { key: string; value: string }[] }[]).map(
    ({ key, value }): [string, WrittenColumn] => {
      const facts = Object.fromEntries(value.map((fact) => [fact.key, fact.value]));
      return [
        key.replace(/^"(.*)"$/, '$1'),
        {
          bytes: Number(facts.column_size_bytes),
          nulls: Number(facts.null_count),
          hasNans: facts.has_nan === undefined ? undefined : facts.has_nan === 'true',
          min: facts.min,
          max: facts.max,
        },
      ];
    },
  );
  return {
    path: uri,
    rows: Number(stats!.count),
    bytes: Number(stats!.file_size_bytes),
    partition,
    columns: Object.fromEntries(columns),
  };
}
