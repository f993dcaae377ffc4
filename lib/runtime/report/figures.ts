/** Numbers as people read them. */

import { roundedDown } from '../../core/rounded-down.ts';

/** 1234567 → `1,234,567`. Counts are whole; the first call of `toLocaleString` would take 18 ms. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** 0.98765 → `98.76 %`. Rounded down, as scores are everywhere: only what is whole may look whole. */
export function percent(share: number): string {
  return `${roundedDown(share * 100, 2)} %`;
}

/** 1234 → `1.2 s`; 87 → `87 ms`. */
export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** 1536 → `1.5 KB`; 1 KB is 1,000 bytes. */
export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${(value / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
