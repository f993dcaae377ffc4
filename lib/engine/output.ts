import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { SinkSide } from '../component/connector.ts';
import type { FieldIds } from '../component/field-id.ts';
import { endingOf, type TextFormat } from '../component/output-file.ts';
import { isExport } from '../component/output-place.ts';
import { transformSql } from '../component/partition-transform.ts';
import type { OutputNode } from '../component/plan.ts';
import { literal, type Order, quoted } from '../component/shape.ts';
import type { OutputFile } from './chunk.ts';
import { sameName } from './column-names.ts';
import { CountMismatchError } from './errors.ts';
import { storedRows } from './outgoing-rows.ts';
import { partsInMemory } from './parts-in-memory.ts';
import { rowsOfFiles } from './quality/rows-of-files.ts';
import { type Relation, rowColumn } from './relation.ts';
import { render } from './render.ts';
import type { Session } from './session.ts';
import { partsOf, split } from './sized.ts';
import { storedColumns } from './stored-columns.ts';
import { writeParquet } from './write.ts';
import { orderSql } from './write-request.ts';

export interface OutputRequest {
  readonly session: Session;
  readonly node: OutputNode;
  readonly sink: SinkSide;
  readonly input: Relation;
  /** Empty folder for the files. */
  readonly folder: string;
  readonly name: string;
  /** Of its columns, where these do not follow from their names. Absent: all do. */
  readonly ids?: Readonly<Record<string, FieldIds>> | undefined;
  /** True where the rows are read once more after the chunk, so that files of text need Parquet beside them. */
  readonly readAgain: boolean;
  /** True where an empty file says something to readers: there is no other chunk. */
  readonly whole: boolean;
}

export interface WrittenOutput {
  readonly files: readonly OutputFile[];
  /** SQL of the rows, as it stands behind FROM: what was written is read faster than what it was made of is computed. */
  readonly from: string;
}

/** Writes the rows of an output in the form, the order and the sizes that its sink asks for. */
export async function writeOutput(request: OutputRequest): Promise<WrittenOutput> {
  const { session, node, sink, input, folder, name } = request;
  const format = sink.format?.(node.options) ?? { kind: 'parquet' };
  const sizes = sink.sizes?.(node.options);
  const order = sink.sortBy?.(node.options, node.columns) ?? node.sorts;
  const partitionBy = sink.partitionBy(node.options);
  const made = sink.partitions?.(node.options) ?? [];
  const parts = await inParts(request, order);
  const rows: OutputFile[] = [];
  for (const [index, part] of parts.entries())
    rows.push(
      ...(await writeParquet({
        session,
        select: storedRows(part, node.columns, made),
        kind: 'table',
        of: node.id,
        folder: join(folder, `rows-${index}`),
        name: parts.length === 1 ? name : `${name}-${String(index).padStart(3, '0')}`,
        partitionBy,
        ...(!part.slow && { rows: part.rows }),
        hidden: hiddenPartitions(sink, node),
        calendar: storedColumns(node),
        ...(!isExport(node.table) && { stored: storedColumns(node, request.ids) }),
        ...(order && { order }),
        // Equal rows in the order of their source, as they are from file to file.
        ...(order && partitionBy.length === 0 && { ties: [{ column: rowColumn, descending: false }] }),
        // The size of text is not known before it is written.
        ...(format.kind === 'parquet' && sizes && { sizes }),
      })),
    );
  const from =
    rows.length > 0 ? rowsOfFiles(rows.map(({ path }) => path)) : `(${storedRows(input, node.columns, made)})`;
  if (format.kind === 'parquet') return { files: rows, from };
  return { files: await asText(request, { rows, format, order, fileBytes: sizes?.fileBytes }), from };
}

/** SQL of what names folders and is no column, from the rows as they are stored. */
function hiddenPartitions(sink: SinkSide, { options, columns }: OutputNode): Readonly<Record<string, string>> {
  const transforms = sink.transforms?.(options) ?? [];
  return Object.fromEntries(
    transforms.map((one) => {
      const { type } = columns.find(({ name }) => name === one.column)!;
      return [one.name, transformSql(one, type)!];
    }),
  );
}

/** The rows as they can be put in order one part after the other. An order by what is made as it is written is left alone. */
async function inParts(
  { session, input, folder }: OutputRequest,
  order: readonly Order[] | undefined,
): Promise<readonly Relation[]> {
  const known = order?.every(({ column }) => input.columns.some(({ name }) => name === column));
  return order && known ? partsInMemory({ session, relation: input, order, folder: join(folder, 'sorted') }) : [input];
}

interface Text {
  readonly rows: readonly OutputFile[];
  readonly format: TextFormat;
  readonly order: readonly Order[] | undefined;
  readonly fileBytes: number | undefined;
}

async function asText(request: OutputRequest, { rows, format, order, fileBytes }: Text): Promise<OutputFile[]> {
  const { session, node, folder, name, whole, sink, readAgain } = request;
  const files: OutputFile[] = [];
  const write = async (file: OutputFile) => {
    const made = await renderFile(request, { file, format, order });
    return readAgain ? { ...made, rowsPath: file.path } : made;
  };
  for (const file of rows) {
    const made = await write(file);
    const parts = fileBytes === undefined ? 1 : partsOf(made.bytes, { rows: file.rows, fileBytes });
    if (parts === 1) files.push(made);
    else for (const part of await splitFile(session, { file, parts, order })) files.push(await write(part));
  }
  if (rows.length > 0 || !whole || sink.partitionBy(node.options).length > 0) return files;
  const path = join(folder, 'empty.text');
  const none = node.columns.map((column) => `NULL::${column.type} AS ${quoted(column.name)}`).join(', ');
  await render({ session, columns: node.columns, format, select: `SELECT ${none} WHERE false`, path });
  return [
    { kind: 'table', of: node.id, name: `${name}${endingOf(format)}`, path, rows: 0, bytes: statSync(path).size },
  ];
}

async function splitFile(
  session: Session,
  { file, parts, order }: Pick<Text, 'order'> & { readonly file: OutputFile; readonly parts: number },
): Promise<OutputFile[]> {
  const cut = await split({ session, ...(order && { order }) }, { ...file, parts });
  return cut.map(({ part, ...one }) => ({
    ...file,
    ...one,
    bytes: statSync(one.path).size,
    name: file.name.replace(/\.parquet$/, `${part}.parquet`),
  }));
}

interface RenderedFile {
  /** Parquet. */
  readonly file: OutputFile;
  readonly format: TextFormat;
  readonly order: readonly Order[] | undefined;
}

/** The same rows as text, in a file beside the Parquet one. Throws `CountMismatchError`. */
export async function renderFile(
  { session, node }: Pick<OutputRequest, 'session' | 'node'>,
  { file, format, order }: RenderedFile,
): Promise<OutputFile> {
  const path = file.path.replace(/\.parquet$/, '.text');
  const select = order ? inOrder(file, node, order) : `FROM ${rowsOfFiles([file.path])}`;
  const count = await render({ session, columns: node.columns, format, select, path });
  if (count !== file.rows)
    throw new CountMismatchError({
      problem: `${node.id} wrote ${count} rows of text where there are ${file.rows}`,
      received: count,
      allowed: file.rows,
      change: 'report this with the plan: what is written and what is read disagree',
    });
  return { ...file, path, name: file.name.replace(/\.parquet$/, endingOf(format)), bytes: statSync(path).size };
}

/** SQL of the rows of a file in their own order; where a column has the name of their number, in the order asked for. */
function inOrder({ path }: OutputFile, { columns }: OutputNode, order: readonly Order[]): string {
  const number = 'file_row_number';
  if (columns.some(({ name }) => sameName(name, number))) return `FROM ${rowsOfFiles([path])}${orderSql({ order })}`;
  return `SELECT * EXCLUDE (${number}) FROM read_parquet(${literal(path)}, hive_partitioning = false, ${number} = true) ORDER BY ${number}`;
}
