/** Digits that an integer type can have, and whether it has a sign. */
const integers: Readonly<Record<string, { readonly bits: number; readonly signed: boolean }>> = {
  TINYINT: { bits: 8, signed: true },
  SMALLINT: { bits: 16, signed: true },
  INTEGER: { bits: 32, signed: true },
  BIGINT: { bits: 64, signed: true },
  HUGEINT: { bits: 128, signed: true },
  UTINYINT: { bits: 8, signed: false },
  USMALLINT: { bits: 16, signed: false },
  UINTEGER: { bits: 32, signed: false },
  UBIGINT: { bits: 64, signed: false },
  UHUGEINT: { bits: 128, signed: false },
};

/** Decimal digits of the largest value, by bits. */
const digits: Readonly<Record<number, number>> = { 8: 3, 16: 5, 32: 10, 64: 20, 128: 39 };
const mostDigits = 38;

/** Types of which each holds the values of those before it. */
const ladders: readonly (readonly string[])[] = [
  ['FLOAT', 'DOUBLE'],
  ['DATE', 'TIMESTAMP'],
  ['TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP'],
  ['JSON', 'VARCHAR'],
];

/** The narrowest type that holds every value of both, or undefined where there is none. */
export function widened(a: string, b: string): string | undefined {
  if (a === b) return a;
  const ladder = ladders.find((types) => types.includes(a) && types.includes(b));
  if (ladder) return ladder[Math.max(ladder.indexOf(a), ladder.indexOf(b))];
  if ([a, b].some((type) => type.startsWith('ENUM')) && [a, b].every((type) => /^(ENUM|VARCHAR)/.test(type)))
    return 'VARCHAR';
  return wholeNumbers(a, b) ?? decimals(a, b) ?? floating(a, b) ?? floating(b, a);
}

function wholeNumbers(a: string, b: string): string | undefined {
  const [one, other] = [integers[a], integers[b]];
  if (!one || !other) return undefined;
  const signed = one.signed || other.signed;
  // One without a sign needs a bit more beside one that has it.
  const bits = Math.max(...[one, other].map((type) => (signed && !type.signed ? type.bits * 2 : type.bits)));
  return Object.keys(integers).find((name) => integers[name]!.signed === signed && integers[name]!.bits === bits);
}

function decimals(a: string, b: string): string | undefined {
  const [one, other] = [decimal(a), decimal(b)];
  if (!one || !other) return undefined;
  const scale = Math.max(one.scale, other.scale);
  const width = Math.max(one.width - one.scale, other.width - other.scale) + scale;
  return width <= mostDigits ? `DECIMAL(${width},${scale})` : undefined;
}

function decimal(type: string): { readonly width: number; readonly scale: number } | undefined {
  const [, width, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(type) ?? [];
  if (width !== undefined) return { width: Number(width), scale: Number(scale) };
  const integer = integers[type];
  return integer && { width: digits[integer.bits]!, scale: 0 };
}

/** A DOUBLE has 53 bits, a FLOAT 24: enough for some integers. */
function floating(a: string, b: string): string | undefined {
  const integer = integers[b];
  if (!integer || (a !== 'FLOAT' && a !== 'DOUBLE') || integer.bits > 32) return undefined;
  return a === 'FLOAT' && integer.bits <= 16 ? 'FLOAT' : 'DOUBLE';
}
