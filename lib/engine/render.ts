import { elementType } from '../component/column-types.ts';
import type { TextFormat } from '../component/output-file.ts';
import type { Column } from '../component/plan.ts';
import { literal, quoted } from '../component/shape.ts';
import { structFields } from '../component/struct-type.ts';
import { neutral, startsFormula } from './formulas.ts';
import type { Session } from './session.ts';

export interface RenderRequest {
  readonly session: Session;
  readonly columns: readonly Column[];
  readonly format: TextFormat;
  /** SQL of the rows; where it orders them, the file has that order. */
  readonly select: string;
  /** The file that becomes of them. */
  readonly path: string;
}

/** Writes rows as text of which every value can be had again exactly. Returns how many there were. */
export async function render({ session, columns, format, select, path }: RenderRequest): Promise<number> {
  const cells = columns.map((column) => `${cellOf(column, format)} AS ${quoted(nameOf(column, format))}`);
  const [row] = await session.rows(
    `COPY (SELECT ${cells.join(', ')} FROM (${select})) TO ${literal(path)} (${optionsOf(format)})`,
  );
  return Number(row?.Count ?? 0);
}

function optionsOf(format: TextFormat): string {
  const compression = `COMPRESSION ${format.compression}`;
  if (format.kind !== 'csv') return `FORMAT json, ARRAY ${format.kind === 'json'}, ${compression}`;
  const { delimiter, header, nullText, lineEnd } = format;
  const lines = lineEnd === 'crlf' ? ", NEW_LINE '\\r\\n'" : '';
  return `FORMAT csv, HEADER ${header}, DELIMITER ${literal(delimiter)}, QUOTE '"', ESCAPE '"', NULLSTR ${literal(nullText)}${lines}, ${compression}`;
}

function nameOf({ name }: Column, format: TextFormat): string {
  return format.kind === 'csv' && format.neutraliseFormulas && startsFormula.test(name) ? `'${name}` : name;
}

function cellOf({ name, type }: Column, format: TextFormat): string {
  const sql = quoted(name);
  if (format.kind !== 'csv') return jsonOf(sql, type, { longNumbers: format.longNumbers });
  const text = isNested(type)
    ? `to_json(${jsonOf(sql, type, { longNumbers: 'number' })})::VARCHAR`
    : plainOf(sql, type);
  const couldStart = type === 'VARCHAR' || type === 'BLOB';
  return format.neutraliseFormulas && couldStart ? neutral(text) : text;
}

const isNested = (type: string) => elementType(type) !== undefined || structFields(type) !== undefined;

/** A value of a type that no other is made of, where DuckDB's own text or JSON of it would not do. */
function plainOf(sql: string, type: string): string {
  if (type === 'BLOB') return `to_base64(${sql})`;
  // ISO 8601, as far as it goes: infinity and years before 1 stay as DuckDB writes them.
  if (type === 'TIMESTAMP') return isoTime(`${sql}::VARCHAR`);
  if (type === 'TIMESTAMP WITH TIME ZONE') return `regexp_replace(${isoTime(`${sql}::VARCHAR`)}, '\\+00$', 'Z')`;
  return sql;
}

const isoTime = (text: string) => `regexp_replace(${text}, '^([0-9-]+) ([0-9])', '\\1T\\2')`;

interface JsonOptions {
  readonly longNumbers: 'number' | 'text';
  readonly depth?: number;
}

/** SQL of what JSON is made from. Only what JSON would lose or does not have becomes something else. */
function jsonOf(sql: string, type: string, { longNumbers, depth = 0 }: JsonOptions): string {
  const element = elementType(type);
  if (element !== undefined) {
    const name = `__element_${depth}`;
    const inner = jsonOf(name, element, { longNumbers, depth: depth + 1 });
    return inner === name ? sql : `list_transform(${sql}, lambda ${name}: ${inner})`;
  }
  const members = structFields(type);
  if (members) {
    const inner = members.map((member) => {
      const value = `(${sql}).${quoted(member.name)}`;
      return { name: member.name, value, json: jsonOf(value, member.type, { longNumbers, depth }) };
    });
    if (inner.every(({ value, json }) => value === json)) return sql;
    const packed = inner.map(({ name, json }) => `${quoted(name)} := ${json}`).join(', ');
    return `CASE WHEN ${sql} IS NOT NULL THEN struct_pack(${packed}) END`;
  }
  const given = withZero(sql, type);
  if (longNumbers === 'text' && /^(BIGINT|DECIMAL)/.test(type)) return `${given}::VARCHAR`;
  if (given !== sql) return given;
  if (type === 'DOUBLE' || type === 'FLOAT') {
    // JSON has no number for these; JavaScript's Number() takes the texts.
    const text = `CASE WHEN isnan(${sql}) THEN 'NaN' WHEN ${sql} > 0 THEN 'Infinity' ELSE '-Infinity' END`;
    return `CASE WHEN isfinite(${sql}) THEN to_json(${sql}) WHEN ${sql} IS NOT NULL THEN to_json(${text}) END`;
  }
  return plainOf(sql, type);
}

/** Of a decimal with all digits behind the point DuckDB writes ".5", which is no number of JSON. Of 38 there is no wider one. */
function withZero(sql: string, type: string): string {
  const [, width, scale] = /^DECIMAL\((\d+), ?(\d+)\)$/.exec(type) ?? [];
  if (width === undefined || width !== scale) return sql;
  if (width !== '38') return `${sql}::DECIMAL(${Number(width) + 1}, ${scale})`;
  return `regexp_replace(${sql}::VARCHAR, '^(-?)\\.', '\\10.')`;
}
