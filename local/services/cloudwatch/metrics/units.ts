const sizes = ['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes', 'Bits', 'Kilobits', 'Megabits', 'Gigabits'];
const rates = [...sizes, 'Terabits', 'Count'].map((unit) => `${unit}/Second`);

/** The units that a value may have. */
export const units: ReadonlySet<string> = new Set([
  ...['Seconds', 'Microseconds', 'Milliseconds'],
  ...sizes,
  ...['Terabits', 'Percent', 'Count', 'None'],
  ...rates,
]);
