const offsetDateTime =
  /^(\d{4})-(\d{2})-(\d{2})T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-8]):[0-5]\d)$/;

/** Milliseconds since the epoch of an ISO-8601 date-time with offset, or undefined where the text is none. */
export function parseTimestamp(text: string): number | undefined {
  const [, year, month, day] = offsetDateTime.exec(text) ?? [];
  if (year === undefined || !isOnCalendar(Number(year), Number(month), Number(day))) return undefined;
  return Date.parse(text);
}

/** JavaScript takes the 30th of February for the 1st of March. */
function isOnCalendar(year: number, month: number, day: number): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
