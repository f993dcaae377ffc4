import { isIP } from 'node:net';

/** A value, or a filter of EventBridge, e.g. `{ prefix: 'eu-' }`. */
export type EventFilter = string | number | boolean | null | Readonly<Record<string, unknown>>;

interface Operator {
  /** What its operand has to be. */
  readonly allowed: string;
  /** Undefined where the operand is one; `never` where it is one that nothing matches. */
  readonly wrong: (operand: unknown) => 'wrong' | 'never' | undefined;
  /** Whether a text that is there matches; `operand` is one that is not wrong. */
  readonly matches: (operand: any, text: string) => boolean;
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const texts = (value: unknown): readonly any[] => (Array.isArray(value) ? value : [value]);
const areTexts = (value: unknown) => (Array.isArray(value) ? value.length > 0 && value.every(isText) : isText(value));

/** `{ name: operand }` with one of the names. */
function alone(value: unknown, ...names: readonly string[]): readonly [string, unknown] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [entry, ...more] = Object.entries(value);
  return entry && more.length === 0 && names.includes(entry[0]) ? entry : undefined;
}

function affix(matches: (text: string, part: string) => boolean): Operator {
  const folded = (operand: unknown) => alone(operand, 'equals-ignore-case')?.[1];
  return {
    allowed: 'a text, or { "equals-ignore-case": text }',
    wrong: (operand) => (isText(operand) || isText(folded(operand)) ? undefined : 'wrong'),
    matches: (operand, text) =>
      typeof operand === 'string'
        ? matches(text, operand)
        : matches(text.toLowerCase(), String(folded(operand)).toLowerCase()),
  };
}

const wildcard: Operator = {
  allowed: 'a text in which "*" stands for any characters, not twice in a row',
  wrong: (operand) => (isText(operand) && !/\*\*/.test(operand as string) ? undefined : 'wrong'),
  matches: (operand: string, text) => {
    // A backslash takes its meaning from a star, or from another one.
    const parts = operand.match(/\\[*\\]|\*|[^*\\]+|\\/g) ?? [];
    const source = parts.map((part) => (part === '*' ? '[\\s\\S]*' : escaped(part.replace(/^\\(.)$/, '$1'))));
    return new RegExp(`^${source.join('')}$`).test(text);
  },
};

const ignoringCase: Operator = {
  allowed: 'a text',
  wrong: (operand) => (isText(operand) ? undefined : 'wrong'),
  matches: (operand: string, text) => operand.toLowerCase() === text.toLowerCase(),
};

const negatable = ['prefix', 'suffix', 'wildcard', 'equals-ignore-case'];

const anythingBut: Operator = {
  allowed:
    'a text or number, a list of one of the two, or { prefix, suffix, wildcard or equals-ignore-case: text or list }',
  wrong: (operand) => {
    const inner = alone(operand, ...negatable);
    if (inner) return areTexts(inner[1]) ? undefined : 'wrong';
    const areNumbers = texts(operand).every((one) => typeof one === 'number');
    return areTexts(operand) || (areNumbers && texts(operand).length > 0) ? undefined : 'wrong';
  },
  matches: (operand, text) => {
    const inner = alone(operand, ...negatable);
    if (!inner) return !texts(operand).includes(text);
    return !texts(inner[1]).some((one) => eventOperators[inner[0]]!.matches(one, text));
  },
};

const largest = 5_000_000_000;

const numeric: Operator = {
  allowed: '[operator, number] or [">" or ">=", number, "<" or "<=", number], numbers up to 5,000,000,000',
  wrong: (operand) => {
    if (!Array.isArray(operand)) return 'wrong';
    const [first, low, second, high] = operand;
    const isBound = (value: unknown) => typeof value === 'number' && Math.abs(value) <= largest;
    if (operand.length === 2) return ['=', '<', '<=', '>', '>='].includes(first) && isBound(low) ? undefined : 'wrong';
    const range = ['>', '>='].includes(first) && ['<', '<='].includes(second);
    if (operand.length !== 4 || !range || !isBound(low) || !isBound(high)) return 'wrong';
    return low >= high ? 'never' : undefined;
  },
  matches: () => false,
};

const exists: Operator = {
  allowed: 'true or false',
  wrong: (operand) => (typeof operand === 'boolean' ? undefined : 'wrong'),
  matches: (operand: boolean) => operand,
};

const cidr: Operator = {
  allowed: 'a range of addresses, e.g. "10.0.0.0/24"',
  wrong: (operand) => {
    const [, address = '', bits] = (isText(operand) && /^([^/]+)\/(\d{1,3})$/.exec(operand as string)) || [];
    // EventBridge knows no range of one address.
    return Number(bits) < ({ 4: 32, 6: 128 }[isIP(address)] ?? 0) ? undefined : 'wrong';
  },
  matches: () => false,
};

/** What EventBridge can compare by, besides equality. */
export const eventOperators: Readonly<Record<string, Operator>> = {
  prefix: affix((text, part) => text.startsWith(part)),
  suffix: affix((text, part) => text.endsWith(part)),
  wildcard,
  'equals-ignore-case': ignoringCase,
  'anything-but': anythingBut,
  numeric,
  exists,
  cidr,
};

/** Whether events are Penstock's own, which are on a bus of their own. */
export function isOfPenstock({ source }: { readonly source: readonly EventFilter[] }): boolean {
  return source.includes('penstock');
}

/** Whether a text that is there matches one of the filters, none of which is wrong. */
export function matchesText(filters: readonly EventFilter[], text: string): boolean {
  return filters.some((filter) => {
    if (typeof filter !== 'object' || filter === null) return filter === text;
    const [name, operand] = Object.entries(filter)[0]!;
    return eventOperators[name]!.matches(operand, text);
  });
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
