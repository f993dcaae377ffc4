/** What a run of a pipeline is given, and by what its expressions and sources can differ from run to run. */
export interface ParameterPlan {
  readonly type: ParameterType;
  /** Canonical text, or null for no value. Absent: each run must be given one. */
  readonly default?: string | null;
}

/** Canonical texts by name; null stands for no value. */
export type ParameterValues = Readonly<Record<string, string | null>>;

export const parameterTypes = ['string', 'integer', 'number', 'boolean', 'date', 'timestamp'] as const;
export type ParameterType = (typeof parameterTypes)[number];

/** As the engine calls them. */
export const parameterSqlTypes: Readonly<Record<ParameterType, string>> = {
  string: 'VARCHAR',
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

/** What a person is told to write. */
export const parameterForms: Readonly<Record<ParameterType, string>> = {
  string: 'text of at most 1024 characters',
  integer: 'a whole number of 64 bits',
  number: 'a number that a DOUBLE holds: of whole ones all up to 2^53',
  boolean: 'true or false',
  date: 'a day such as 2026-01-31',
  timestamp: 'a time such as 2026-01-31T06:00:00Z; without a zone it is UTC',
};

const readers: Readonly<Record<ParameterType, (text: string) => string | undefined>> = {
  string: (text) => (text.length <= 1024 && !text.includes('\0') ? text : undefined),
  integer(text) {
    if (!/^-?\d{1,19}$/.test(text)) return undefined;
    const value = BigInt(text);
    return BigInt.asIntN(64, value) === value ? String(value) : undefined;
  },
  number: (text) =>
    /^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) && keepsNumber(text) ? String(Number(text)) : undefined,
  boolean: (text) => (/^(true|false)$/.test(text) ? text : undefined),
  date: (text) => (/^\d{4}-\d\d-\d\d$/.test(text) && isOnCalendar(text) ? text : undefined),
  timestamp,
};

/** False for whole numbers that a number rounds, and for what becomes infinite or 0 of another. */
function keepsNumber(text: string): boolean {
  const value = Number(text);
  if (/^-?\d+$/.test(text)) return String(value) === text || (Number.isFinite(value) && BigInt(value) === BigInt(text));
  return Number.isFinite(value) && (value !== 0 || !/^[^e]*[1-9]/i.test(text));
}

/** The canonical text of a value; undefined where it is none of the type, or a number of JavaScript that may be rounded. */
export function parameterText(type: ParameterType, value: string | number | bigint | boolean): string | undefined {
  if (type === 'integer' && typeof value === 'number' && !Number.isSafeInteger(value)) return undefined;
  return readers[type](String(value));
}

function isOnCalendar(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`);
  return !day.startsWith('0000') && !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

/** In UTC, with microseconds where there are any. */
function timestamp(text: string): string | undefined {
  const [, day, clock = '00:00', seconds = '00', fraction = '', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  if (day === undefined || !isOnCalendar(day)) return undefined;
  const at = Date.parse(`${day}T${clock}:${seconds}${zone}`);
  // What lies on another side of the years 1 to 9999 is written in another form.
  const utc = Number.isNaN(at) ? '' : new Date(at).toISOString();
  if (!/^\d{4}-/.test(utc) || utc.startsWith('0000')) return undefined;
  const part = fraction.replace(/0+$/, '');
  return `${utc.slice(0, 10)} ${utc.slice(11, 19)}${part && `.${part}`}`;
}
