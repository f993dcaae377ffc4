import type { Column } from '../component/plan.ts';
import { quoted } from '../component/shape.ts';
import type { ErrorParts } from '../core/errors/penstock-error.ts';
import { nearest } from '../core/nearest.ts';
import type { Session } from './session.ts';

/**
 * What DuckDB says of an expression that it cannot bind, in our own words; undefined where it says what we have none for.
 * @param sql as the user wrote it
 */
export async function bindingFault(
  { message }: Error,
  { sql, session }: { readonly sql: string; readonly session: Session },
): Promise<ErrorParts | undefined> {
  const [, missing] = /Function with name (\S+) does not exist/.exec(message) ?? [];
  if (missing !== undefined) return unknownFunction(missing, sql, session);
  const [, call, types] = /No function matches the given name and argument types '(.+?)\((.*)\)'/.exec(message) ?? [];
  if (call !== undefined) return unfitArguments(call, readable(types!), { sql, message });
  const [, type] = /Type with name (\S+) does not exist/.exec(message) ?? [];
  if (type !== undefined)
    return {
      problem: `"${sql}" cannot stand here: there is no type ${type}`,
      received: type,
      allowed: 'types of DuckDB, e.g. INTEGER, BIGINT, DOUBLE, DECIMAL(12,2), VARCHAR, BOOLEAN, DATE, TIMESTAMP',
      change: guessed(nearest(type.toUpperCase(), commonTypes)) ?? 'name a type that there is',
    };
  const [, one, other] = /Cannot (?:compare|mix) values of type (\S+) and(?: type)? (\S+)/.exec(message) ?? [];
  if (one !== undefined)
    return {
      problem: `"${sql}" cannot stand here: ${readable(one)} and ${readable(other!)} do not go together`,
      received: `${readable(one)} and ${readable(other!)}`,
      allowed: 'values of one type on both sides',
      change: 'cast one side, e.g. column::BIGINT, or write the constant as a text in single quotes',
    };
  const [, member, column] = /Cannot extract field '(.+)' from expression "(.+)" because it is not/.exec(message) ?? [];
  if (member !== undefined)
    return {
      problem: `"${sql}" cannot stand here: "${column}" has no members, as it is no structure`,
      received: `${column}.${member}`,
      allowed: 'members of columns of structures; a column alone is named without that of its dataset',
      change: 'name a column of the step',
    };
  return undefined;
}

const commonTypes =
  'BOOLEAN TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT FLOAT DOUBLE DECIMAL VARCHAR DATE TIME TIMESTAMP TIMESTAMPTZ INTERVAL UUID BLOB JSON'.split(
    ' ',
  );

/** Other languages' signs for what SQL has words for. */
const foreign: readonly { readonly sign: string; readonly write: string }[] = [
  { sign: '&&', write: 'AND' },
  { sign: '===', write: '=' },
  { sign: '!==', write: '<>' },
];

/** What to write in place of a sign that SQL does not have, if one of them stands in the expression. */
export function foreignSign(sql: string): string | undefined {
  const found = foreign.find(({ sign }) => sql.replace(/'[^']*'|"[^"]*"/g, '').includes(sign));
  return found && `write ${found.write} for ${found.sign}`;
}

async function unknownFunction(name: string, sql: string, session: Session): Promise<ErrorParts> {
  const rows = await session.rows(
    "SELECT DISTINCT function_name AS name FROM duckdb_functions() WHERE function_type <> 'table'",
  );
  const names = rows.map((row) => row.name as string).filter((one) => /^[a-z]\w*$/.test(one));
  return {
    problem: `"${sql}" cannot stand here: there is no function "${name}"`,
    received: name,
    allowed: 'functions and operators of DuckDB',
    change: foreignSign(sql) ?? guessed(nearest(name, names.toSorted())) ?? 'call a function that there is',
  };
}

/** How many ways to call a function are shown. */
const mostCandidates = 6;

function unfitArguments(
  call: string,
  types: string,
  { sql, message }: { readonly sql: string; readonly message: string },
): ErrorParts {
  const given = argumentsOf(`(${types})`);
  const candidates = [...message.matchAll(/^\t(.+?\)) -> /gm)].map(([, candidate]) => candidate!);
  // The nearest first: those that take as many, and most of them of the same types.
  const distance = (candidate: string) => {
    const taken = argumentsOf(candidate);
    const same = taken.filter((type, index) => type === given[index]).length;
    return Math.abs(taken.length - given.length) * 10 - same;
  };
  const nearest = candidates.toSorted((a, b) => distance(a) - distance(b)).slice(0, mostCandidates);
  return {
    problem: `"${sql}" cannot stand here: ${call} does not take ${types || 'no argument'}`,
    received: `${call}(${types})`,
    allowed: `${nearest.join(', ')}${candidates.length > mostCandidates ? ' and others' : ''}`,
    change: foreignSign(call) ?? 'cast the arguments, e.g. column::DOUBLE, or call another function',
  };
}

function argumentsOf(call: string): string[] {
  const [, types = ''] = /\((.*)\)$/.exec(call) ?? [];
  return types === '' ? [] : types.split(/, (?![^(]*\))/);
}

function guessed(guess: string | undefined): string | undefined {
  return guess && `did you mean "${guess}"?`;
}

/** DuckDB has names of its own for the types of constants. */
function readable(types: string): string {
  return types.replaceAll('INTEGER_LITERAL', 'INTEGER').replaceAll('STRING_LITERAL', 'VARCHAR');
}

/** A name in double quotes that is no column is a text in the wrong quotes. */
export function meantText(name: string, sql: string, input: readonly Pick<Column, 'name'>[]): ErrorParts | undefined {
  if (
    !sql.includes(quoted(name)) ||
    nearest(
      name,
      input.map((one) => one.name),
    ) !== undefined
  )
    return undefined;
  return {
    problem: `there is no column "${name}" here`,
    received: quoted(name),
    allowed: input.map((one) => one.name),
    change: `a text stands in single quotes: '${name.replaceAll("'", "''")}'`,
  };
}
