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
  return valuesOf(part, field) !== undefined;
}

/** All values of a field, in order; none of one that is a mark, e.g. `L`. */
export function cronValues(text: string, place: number): readonly number[] {
  const values = text.split(',').flatMap((part) => valuesOf(part, fields[place]!) ?? []);
  return [...new Set(values)].sort((a, b) => a - b);
}

/** The values that a range or a step stands for, in order; undefined where it is neither. */
function valuesOf(part: string, field: Field): readonly number[] | undefined {
  const [range = '', step, ...more] = part.split('/');
  if (more.length > 0) return undefined;
  if (step !== undefined && !/^[1-9][0-9]*$/.test(step)) return undefined;
  const ends = range === '*' ? [field.lowest, field.highest] : range.split('-').map((end) => valueIn(end, field));
  const [first, last = step === undefined ? first : field.highest] = ends;
  if (ends.length > 2 || ends.some((end) => end === undefined) || first! > last!) return undefined;
  const every = Number(step ?? 1);
  return Array.from({ length: Math.floor((last! - first!) / every) + 1 }, (_, index) => first! + index * every);
}

function valueIn(text: string, { lowest, highest, names }: Field): number | undefined {
  const named = names.indexOf(text);
  if (named >= 0) return lowest + named;
  if (!/^[0-9]{1,4}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= lowest && value <= highest ? value : undefined;
}

/**
 * Whether a cron expression of AWS, as `checkCronFields` takes it, has a day from the beginning of a year on: 31 February
 * never comes.
 */
export function hasDayFrom(given: readonly string[], firstYear: number): boolean {
  const [, , day, month, weekday, year] = given.map((text) => text.toUpperCase());
  const all = (text: string, place: number) => text.split(',').flatMap((part) => valuesOf(part, fields[place]!) ?? []);
  const years = all(year!, 5).filter((one) => one >= firstYear);
  const hasDay = weekday === '?' ? dayOfMonthIn(day!, all) : weekdayIn(weekday!);
  return years.some((one) => all(month!, 3).some((of) => hasDay(one, of)));
}

type HasDay = (year: number, month: number) => boolean;

function dayOfMonthIn(text: string, all: (text: string, place: number) => readonly number[]): HasDay {
  if (/^LW?$/.test(text)) return () => true;
  const days = text.endsWith('W') ? [Number(text.slice(0, -1))] : all(text, 2);
  return (year, month) => days.some((day) => day <= daysIn(year, month));
}

/** Only a fifth weekday is missing in some months. */
function weekdayIn(text: string): HasDay {
  const fifth = /^(\w+)#5$/.exec(text)?.[1];
  if (fifth === undefined) return () => true;
  const weekday = valueIn(fifth, fields[4]!)! - 1;
  return (year, month) => {
    const first = (weekday - new Date(Date.UTC(year, month - 1, 1)).getUTCDay() + 7) % 7;
    return first + 28 < daysIn(year, month);
  };
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
