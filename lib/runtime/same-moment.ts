/** Whether two times in ISO 8601 are one. Step Functions leaves out the fraction of a second where it is nothing. */
export function isSameMoment(left: string, right: string): boolean {
  return Date.parse(left) === Date.parse(right);
}
