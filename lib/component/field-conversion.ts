import { conversion, type TestedConversion } from './conversion.ts';
import { jsonConversion } from './json-value.ts';
import { isNested, jsonTypeOf } from './nested-type.ts';

/** Like `conversion`, for lists and structures too: text of them is JSON, member by member held to its type. */
export function fieldConversion(column: string, from: string, to: string): TestedConversion {
  if (from !== 'VARCHAR' || !isNested(to)) return conversion(column, from, to);
  const json = `TRY_CAST(${column} AS JSON)`;
  const { value, good } = jsonConversion(json, jsonTypeOf(to), column);
  // The null of JSON is nothing, and the text of it is not.
  const kept = () => `coalesce(json_valid(${column}) AND ${good}, false)`;
  return { value: `${value}::${to}`, kept, surelyKept: (given) => `(${given} IS NOT NULL AND ${kept()})` };
}
