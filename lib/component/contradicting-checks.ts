type Bound = { readonly at: number | bigint | Date; readonly inclusive: boolean };

/**
 * Why no value can pass all of these checks; undefined where one may. Such a contract would reject every row.
 * @param checks definitions of zod's checks
 */
export function contradiction(checks: readonly any[]): string | undefined {
  const of = (kind: string) => checks.filter(({ check }) => check === kind);
  const bounds = (kind: string): Bound[] => of(kind).map(({ value, inclusive }) => ({ at: value, inclusive }));
  const lengths = of('length_equals').map(({ length }): Bound => ({ at: length, inclusive: true }));
  const length = (kind: string, name: string) => of(kind).map((one): Bound => ({ at: one[name], inclusive: true }));
  return (
    between(bounds('greater_than'), bounds('less_than'), '') ??
    between([...lengths, ...length('min_length', 'minimum')], [...lengths, ...length('max_length', 'maximum')], 'long')
  );
}

function between(lows: readonly Bound[], highs: readonly Bound[], what: string): string | undefined {
  for (const low of lows)
    for (const high of highs) {
      if (low.at < high.at || (!(low.at > high.at) && low.inclusive && high.inclusive)) continue;
      if (Number.isNaN(Number(low.at)) || Number.isNaN(Number(high.at))) continue;
      const from = `${low.inclusive ? 'at least' : 'more than'} ${shown(low.at)}`;
      const to = `${high.inclusive ? 'at most' : 'less than'} ${shown(high.at)}`;
      return `no value is ${from} and ${to}${what && ` ${what}`}`;
    }
  return undefined;
}

const shown = (at: Bound['at']) => (at instanceof Date ? at.toISOString() : String(at));
