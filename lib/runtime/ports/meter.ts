/** Counts for dashboards and alarms. */
export interface Meter {
  count(name: string, value: number): void;
  milliseconds(name: string, value: number): void;
  bytes(name: string, value: number): void;
}
