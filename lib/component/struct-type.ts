/** A member of a structure. */
export interface StructField {
  readonly name: string;
  readonly type: string;
}

/** Members of a DuckDB structure type, e.g. of `STRUCT(a BIGINT, "b c" VARCHAR[])`; undefined for other types. */
export function structFields(type: string): StructField[] | undefined {
  const inside = /^STRUCT\(([\s\S]*)\)$/.exec(type)?.[1];
  if (inside === undefined || closesEarly(inside) || hasNamelessMembers(type)) return undefined;
  return membersOf(inside).map((member) => {
    const [, quotedName, name, rest] = /^(?:"((?:[^"]|"")*)"|(\S+)) ([\s\S]+)$/.exec(member)!;
    return { name: quotedName?.replaceAll('""', '"') ?? name!, type: rest! };
  });
}

/** True where a structure in a DuckDB type has members without names, as `row(1, 2)` has: its type is `STRUCT(INTEGER, INTEGER)`. */
export function hasNamelessMembers(type: string): boolean {
  const plain = type.replaceAll(/"(?:[^"]|"")*"/g, 'name').replaceAll(/'(?:[^']|'')*'/g, '');
  return /STRUCT\((?![^\s,()]+ (?!WITH TIME ZONE))/.test(plain);
}

/** True for what stands between the brackets of two types, as in `STRUCT(a INT)[], b STRUCT(c INT)`. */
function closesEarly(inside: string): boolean {
  let depth = 0;
  return tokensOf(inside).some((token) => {
    depth += token === '(' ? 1 : token === ')' ? -1 : 0;
    return depth < 0;
  });
}

function membersOf(inside: string): string[] {
  const members = [''];
  let depth = 0;
  for (const token of tokensOf(inside)) {
    depth += token === '(' ? 1 : token === ')' ? -1 : 0;
    if (token === ',' && depth === 0) members.push('');
    else members[members.length - 1] += token;
  }
  return members.map((member) => member.trim());
}

/** Names and texts in quotes whole, all else character by character. */
function tokensOf(text: string): string[] {
  return text.match(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[\s\S]/g) ?? [];
}
