type Values = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What dynalite's parsers are given beside a text. They take names that they meet out of those that are unused. */
export interface ParserContext {
  readonly attrNames?: Readonly<Record<string, string>> | null | undefined;
  readonly attrVals?: Values | null | undefined;
  readonly unusedAttrNames: Record<string, true>;
  readonly unusedAttrVals: Record<string, true>;
}

export interface Parser {
  parse(text: string, options: { readonly context: ParserContext }): unknown;
}

/** What a text means, with the names of values in place of these. */
interface Known {
  readonly meaning: unknown;
  readonly names: readonly string[];
  readonly values: readonly string[];
}

class ValueOf {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

const mostKnown = 2_000;

/** Whose parsing looks at values, and not just at their types. */
const looksAtValues = /between|attribute_type/i;

/**
 * Has one of dynalite's parsers parse each expression once, for all requests with the same names and values of the same
 * types: parsing took half of a write. What is malformed is parsed each time, for its message may show values.
 */
export function rememberParsed(parser: Parser): void {
  const parse = parser.parse.bind(parser);
  const known = new Map<string, Known>();
  parser.parse = (text, options) => {
    if (looksAtValues.test(text)) return parse(text, options);
    const { attrNames, attrVals, unusedAttrNames, unusedAttrVals } = options.context;
    const types = Object.entries(attrVals ?? {}).map(([name, value]) => [name, ...Object.keys(value)]);
    const key = JSON.stringify([text, attrNames, types]);
    const found = known.get(key);
    if (!found) {
      const meaning = parse(text, options);
      // A text is what is wrong.
      if (typeof meaning !== 'object') return meaning;
      if (known.size >= mostKnown) known.clear();
      const used = (all: object | null | undefined, unused: object) =>
        Object.keys(all ?? {}).filter((name) => !Object.hasOwn(unused, name));
      const names = new Map(Object.entries(attrVals ?? {}).map(([name, value]) => [value as unknown, name]));
      known.set(key, {
        meaning: copied(meaning, (one) => (names.has(one) ? new ValueOf(names.get(one)!) : undefined)),
        names: used(attrNames, unusedAttrNames),
        values: used(attrVals, unusedAttrVals),
      });
      return meaning;
    }
    for (const name of found.names) delete unusedAttrNames[name];
    for (const name of found.values) delete unusedAttrVals[name];
    return copied(found.meaning, (one) => (one instanceof ValueOf ? attrVals![one.name] : undefined));
  };
}

/** Whoever gets it may change it. `instead` gives what stands for an object, undefined for its copy. */
function copied(node: unknown, instead: (one: object) => unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  const other = instead(node);
  if (other !== undefined) return other;
  if (Array.isArray(node)) return node.map((one) => copied(one, instead));
  const copy = Object.create(Object.getPrototypeOf(node));
  for (const [name, member] of Object.entries(node)) copy[name] = copied(member, instead);
  return copy;
}
