interface Field {
  readonly lowest: number;
  readonly highest: number;
  readonly names: readonly string[];
  /** What the field may hold besides lists, ranges and steps of its values. */
  readonly special?: RegExp;
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const fields: readonly Field[] = [
  { lowest: 0, highest: 59, names: [] },
  { lowest: 0, highest: 23, names: [] },
  { lowest: 1, highest: 31, names: [], special: /^(\?|L|LW|([1-9]|[12][0-9]|3[01])W)$/ },
  { lowest: 1, highest: 12, names: months },
  { lowest: 1, highest: 7, names: weekdays, special: /^(\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/ },
  { lowest: 1970, highest: 2199, names: [] },
];

/**
 * Whether six fields (minute, hour, day of month, month, day of week, year) are a cron expression to AWS: no seconds, no
 * nicknames, and exactly one of the two day fields left open with `?`.
 */
export function checkCronFields(given: readonly string[]): boolean {
  if (given.length !== fields.length) return false;
  if ((given[2] === '?') === (given[4] === '?')) return false;
  return given.every((text, place) => isField(text.toUpperCase(), fields[place]!));
}

function isField(text: string, field: Field): boolean {
  if (field.special?.test(text)) return true;
  return text.split(',').every((part) => isPart(part, field));
}

function isPart(part: string, field: Field): boolean {
  const [range = '', step, ...more] = part.split('/');
  if (more.length > 0) return false;
  if (step !== undefined && !/^[1-9][0-9]*$/.test(step)) return false;
  if (range === '*') return true;
  const ends = range.split('-').map((end) => valueIn(end, field));
  if (ends.length > 2 || ends.some((end) => end === undefined)) return false;
  return ends.length === 1 || ends[0]! <= ends[1]!;
}

function valueIn(text: string, { lowest, highest, names }: Field): number | undefined {
  const named = names.indexOf(text);
  if (named >= 0) return lowest + named;
  if (!/^[0-9]{1,4}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= lowest && value <= highest ? value : undefined;
}
