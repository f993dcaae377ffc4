import { quoted } from '../../component/shape.ts';

/** Columns of a file that the contract does not name, under names of our own: a reject keeps them, too. */
export interface HiddenColumns {
  /** The name that each goes by, by its name in the file. */
  readonly others: Readonly<Record<string, string>>;
  /** SQL that selects them. */
  readonly needs: readonly string[];
}

export function hiddenColumns(columns: readonly string[], fields: readonly { readonly name: string }[]): HiddenColumns {
  const named = new Set(fields.map(({ name }) => name));
  const others = Object.fromEntries(
    columns.filter((name) => !named.has(name)).map((name, index) => [name, `__other_${index}`]),
  );
  return { others, needs: Object.entries(others).map(([name, hidden]) => `${quoted(name)} AS ${hidden}`) };
}
