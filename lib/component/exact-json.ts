import { literal } from './shape.ts';

/** Texts, numbers, and what stands between them: all of a JSON text, in pieces. */
const pieces = literal('"(?:[^"\\\\]|\\\\.)*"|-?[0-9][0-9.eE+-]*|[^"0-9-]+|-');

/** SQL that is true for a text that may hold a number with more digits than a DOUBLE has, or one next to 0. It reads all of the text. */
export function mayHoldLongNumber(text: string): string {
  return `regexp_matches(${text}, '[0-9][0-9.]{16,}|[eE]-[0-9]{3}')`;
}

/**
 * SQL of a JSON text in which each fraction with more digits than a DOUBLE has, or next to 0, stands as text: DuckDB reads
 * a fraction as a DOUBLE, and what it read is another number then. Integers it reads whole.
 * @param text SQL of valid JSON; it takes time, so ask `mayHoldLongNumber` first
 */
export function longFractionsAsText(text: string): string {
  const isLong = `__piece[1] <> '"' AND (length(__piece) > 16 AND contains(__piece, '.') OR regexp_matches(__piece, '[eE]-[0-9]{3}'))`;
  const written = `list_transform(regexp_extract_all(${text}, ${pieces}), lambda __piece: CASE WHEN ${isLong} THEN '"' || __piece || '"' ELSE __piece END)`;
  return `array_to_string(${written}, '')`;
}
