/**
 * SQL that is true where a condition holds, or is NULL, and false also for a row on which it fails. It may stand in WHERE only:
 * elsewhere DuckDB takes what two expressions have in common out of a TRY.
 */
export function holdsSurely(condition: string): string {
  return `coalesce(struct_extract(TRY(struct_pack(v := coalesce((${condition}\n), true))), 'v'), false)`;
}
