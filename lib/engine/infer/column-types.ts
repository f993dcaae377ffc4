import { conversion } from '../../component/conversion.ts';
import { literal } from '../../component/shape.ts';
import { significand } from '../../component/significand.ts';
import { textFormats } from '../../component/text-formats.ts';
import { typedFields } from '../field-check.ts';
import type { Session } from '../session.ts';
import { countInParts } from './count-in-parts.ts';
import type { InferredColumn } from './infer-file.ts';
import type { RawColumn, Texts } from './read-texts.ts';

/** What a column is, its values aside. */
export type TypedColumn = Pick<
  InferredColumn,
  'name' | 'type' | 'format' | 'times' | 'instead' | 'nested' | 'strange'
> &
  Pick<RawColumn, 'column'>;

/** A type, and what a text must look like besides: DuckDB takes more for one than people mean. */
interface Candidate {
  readonly type: string;
  readonly like: RegExp;
  /** Digits that it keeps of any number; of one that was printed from such a value, all. Absent: all. */
  readonly digits?: number;
}

/** From the narrowest to the widest. A number with zeros before it is a code: it would lose them. */
const candidates: readonly Candidate[] = [
  { type: 'BOOLEAN', like: /^(true|false|TRUE|FALSE|True|False)$/ },
  { type: 'BIGINT', like: /^[+-]?(0|[1-9][0-9]{0,18})$/ },
  { type: 'HUGEINT', like: /^[+-]?(0|[1-9][0-9]{0,37})$/ },
  { type: 'DOUBLE', like: /^[+-]?(0|[1-9][0-9]*)?(\.[0-9]+)?([eE][+-]?[0-9]+)?$/, digits: 15 },
  { type: 'DATE', like: /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/ },
  { type: 'TIMESTAMP', like: /^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}/ },
  { type: 'TIME', like: /^[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?$/ },
];
/** A number with a plus and many digits is one that somebody answers: it would lose the plus. */
const code = '^\\+[0-9]{6,}$';
/** Exact where a DOUBLE would round. */
const decimalLike = /^[+-]?[0-9]+(\.[0-9]+)?$/;

/** What JSON itself says of a value. */
const typesByKind: Readonly<Record<string, readonly string[]>> = {
  BOOLEAN: ['BOOLEAN'],
  BIGINT: ['BIGINT', 'HUGEINT', 'DOUBLE'],
  UBIGINT: ['BIGINT', 'HUGEINT', 'DOUBLE'],
  HUGEINT: ['HUGEINT', 'DOUBLE'],
  // An integer beyond 64 bits is one of these, too.
  DOUBLE: ['BIGINT', 'HUGEINT', 'DOUBLE'],
  VARCHAR: ['DATE', 'TIMESTAMP', 'TIME'],
};

/** Types of Parquet that a contract has; integers are widened to the one that everybody knows. */
const known = /^(BOOLEAN|FLOAT|DOUBLE|VARCHAR|DATE|TIME|TIMESTAMP|UUID|HUGEINT|DECIMAL\(\d+,\d+\))$/;

/** Rows that are looked at first: what hardly any of them is need not be asked of all. */
const sampleRows = 2000;
const hopeless = 0.5;

/** What may be asked of a column. */
interface Question {
  readonly name: string;
  /** SQL that counts the values for which the answer is no. */
  readonly bad: string;
}

/**
 * The narrowest type of each column that holds its values, and what its texts look like.
 * @param tolerance share of values that may be none of the type: rows that would be rejected
 */
export async function columnTypes(session: Session, texts: Texts, tolerance: number): Promise<TypedColumn[]> {
  const sample = `(SELECT * FROM ${texts.table} LIMIT ${sampleRows})`;
  const first = await ask(session, sample, texts.columns.map(questionsOf));
  const left = first.map(({ values, bad }, index) =>
    questionsOf(texts.columns[index]!).filter(({ name }) => (bad.get(name) ?? 0) <= values * hopeless),
  );
  const answers = await ask(session, texts.table, left);
  const typed: TypedColumn[] = [];
  for (const [index, raw] of texts.columns.entries()) {
    const { name, column } = raw;
    typed.push({ name, column, ...(await typeOf(session, texts.table, raw, { ...answers[index]!, tolerance })) });
  }
  return typed;
}

interface Answer {
  readonly values: number;
  /** Values for which the answer is no, by question. */
  readonly bad: ReadonlyMap<string, number>;
}

async function typeOf(
  session: Session,
  table: string,
  raw: RawColumn,
  { values, bad, tolerance }: Answer & { readonly tolerance: number },
): Promise<Pick<TypedColumn, 'type' | 'format' | 'instead' | 'strange'>> {
  if (raw.type !== 'VARCHAR') {
    const found = typeInFile(raw.type);
    const rejected = await countRejected(session, table, raw, found.type);
    return { ...found, ...(rejected > 0 && { strange: rejected }) };
  }
  const nested = raw.kinds?.find((kind) => kind === 'OBJECT' || kind === 'ARRAY');
  if (nested && raw.kinds!.length > 1) return { type: 'VARCHAR', instead: 'values of several kinds' };
  if (nested) return { type: 'VARCHAR', instead: nested === 'ARRAY' ? 'a list' : 'an object' };
  // A column of which nothing is known may hold anything.
  if (values === 0) return { type: 'VARCHAR' };
  const strange = (name: string) => ((bad.get(name) ?? 0) > 0 ? { strange: bad.get(name)! } : {});
  const whole = candidates.find(({ type }) => bad.get(type) === 0);
  const exact = whole || bad.get('number') !== 0 ? undefined : await exactDecimal(session, table, raw.column);
  if (whole || exact) return { type: whole?.type ?? exact! };
  const nearly = candidates.find(({ type }) => (bad.get(type) ?? values) <= values * tolerance);
  if (nearly) return { type: nearly.type, ...strange(nearly.type) };
  const format = Object.keys(textFormats).find((name) => (bad.get(name) ?? values) <= values * tolerance);
  return { type: 'VARCHAR', ...(format && { format: format as InferredColumn['format'], ...strange(format) }) };
}

/** Values of a typed file that a run would reject: NaN, digits of a second that no TIMESTAMP has. */
export async function countRejected(
  session: Session,
  table: string,
  { column, type }: Pick<RawColumn, 'column' | 'type'>,
  wanted: string,
): Promise<number> {
  const field = { name: column, type: wanted, nullable: true, rules: [] };
  const { select, checks } = typedFields([field], { [column]: type });
  if (checks.length === 0) return 0;
  const [bad] = await session.counts(
    `SELECT count(*) FILTER (${checks.map((check) => `(${check.bad})`).join(' OR ')}) FROM (SELECT ${select} FROM ${table})`,
  );
  return bad!;
}

function questionsOf(column: RawColumn): Question[] {
  if (column.type !== 'VARCHAR') return [];
  const sql = column.column;
  const countUnlike = (condition: string) => `count(*) FILTER (NOT (${condition}))`;
  const unlike = (pattern: string) => countUnlike(`regexp_matches(${sql}, ${literal(pattern)})`);
  const types = candidates.filter(({ type }) => isPossible(type, column));
  return [
    ...types.map((candidate) => ({ name: candidate.type, bad: countBad(sql, candidate) })),
    ...(isPossible('DOUBLE', column)
      ? [
          {
            name: 'number',
            bad: countUnlike(
              `regexp_matches(${sql}, ${literal(decimalLike.source)}) AND NOT regexp_matches(${sql}, ${literal(code)})`,
            ),
          },
        ]
      : []),
    ...Object.entries(textFormats).map(([name, { source }]) => ({ name, bad: unlike(source) })),
  ];
}

async function ask(session: Session, from: string, questions: readonly (readonly Question[])[]): Promise<Answer[]> {
  const asked = questions.map((own, index) => [`count(c${index})`, ...own.map(({ bad }) => bad)]);
  const counts = await countInParts(session, from, asked);
  return questions.map((own, index) => {
    const [values, ...bad] = counts[index]!;
    return { values: values!, bad: new Map(own.map(({ name }, question) => [name, bad[question]!])) };
  });
}

/** A type for numbers that a DOUBLE would round; undefined where they have more digits than any type. */
async function exactDecimal(session: Session, table: string, column: string): Promise<string | undefined> {
  const [before, scale] = await session.counts(
    `SELECT max(strlen(regexp_replace(split_part(${column}, '.', 1), '^[+-]?0*', ''))), max(strlen(split_part(${column}, '.', 2))) FROM ${table}`,
  );
  const width = before! + scale!;
  return scale! > 0 && width <= 38 ? `DECIMAL(${width},${scale})` : undefined;
}

function isPossible(type: string, { type: found, kinds }: RawColumn): boolean {
  if (found !== 'VARCHAR') return false;
  return !kinds || kinds.every((kind) => typesByKind[kind]?.includes(type));
}

function countBad(column: string, { type, like, digits }: Candidate): string {
  const { value, kept } = conversion(column, 'VARCHAR', type);
  const isCode = /^(BIGINT|HUGEINT|DOUBLE)$/.test(type) ? ` AND NOT regexp_matches(${column}, ${literal(code)})` : '';
  const good = `regexp_matches(${column}, ${literal(like.source)})${isCode} AND ${kept(value)}${digits === undefined ? '' : ` AND (strlen(${significand(column)}) <= ${digits} OR ${significand(column)} = ${significand(`(${value})::VARCHAR`)})`}`;
  return `count(*) FILTER (${column} IS NOT NULL AND NOT coalesce(${good}, false))`;
}

/** The type that a contract has for one of Parquet. */
export function typeInFile(type: string): Pick<TypedColumn, 'type' | 'instead'> {
  if (/^U?(TINY|SMALL)INT$|^U?INTEGER$|^BIGINT$/.test(type)) return { type: 'BIGINT' };
  if (type === 'UBIGINT') return { type: 'HUGEINT' };
  if (/^TIMESTAMP[^[]*$/.test(type)) return { type: 'TIMESTAMP' };
  return known.test(type) ? { type } : { type: 'VARCHAR', instead: type };
}
