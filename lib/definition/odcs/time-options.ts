import type { LogicalType, TypeOptions } from './column.ts';

/** Formats of java.time that say what is read anyway. */
const readable: Readonly<Partial<Record<LogicalType, RegExp>>> = {
  date: /^(yyyy|uuuu|YYYY)-MM-(dd|DD)$/,
  timestamp: /^(yyyy|uuuu|YYYY)-MM-(dd|DD)('?T'?| )HH:mm(:ss(\.S{1,6})?)?('?Z'?|X{1,3})?$/,
  time: /^HH:mm(:ss(\.S{1,6})?)?$/,
};

export interface TimeOptionRefusal {
  readonly refused: string;
  readonly option: string;
  readonly allowed: string;
  readonly change: string;
}

/** Options of dates and times without what only describes the text that is read; refuses texts that are not. */
export function readTimeOptions(
  type: LogicalType,
  { format, timezone, defaultTimezone, ...options }: TypeOptions,
): { readonly options: TypeOptions } | TimeOptionRefusal {
  const pattern = readable[type];
  if (!pattern) return { options: { ...options, ...defined({ format, timezone, defaultTimezone }) } };
  if (format !== undefined && !pattern.test(String(format)))
    return {
      refused: `a ${type} in another notation cannot be read as one`,
      option: 'format',
      allowed: type === 'date' ? 'yyyy-MM-dd' : type === 'time' ? 'HH:mm:ss' : "yyyy-MM-dd'T'HH:mm:ss.SSSX",
      change: 'make it a string, and cast it with its format in the pipeline',
    };
  if (defaultTimezone !== undefined && !/^(Etc\/)?UTC$|^Z$/.test(String(defaultTimezone)))
    return {
      refused: 'a time without a zone is taken for UTC',
      option: 'defaultTimezone',
      allowed: 'Etc/UTC',
      change: 'send times with their zone, or in UTC',
    };
  if (type === 'date') return { options: { ...options, ...defined({ timezone, defaultTimezone }) } };
  if (timezone !== undefined && typeof timezone !== 'boolean')
    return { refused: 'timezone is true or false', option: 'timezone', allowed: 'true, false', change: 'correct it' };
  if (type === 'time' && timezone === true)
    return {
      refused: 'a time of day has no zone here',
      option: 'timezone',
      allowed: 'false',
      change: 'make it a timestamp',
    };
  return { options };
}

function defined(options: TypeOptions): TypeOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
