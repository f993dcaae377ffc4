import { isObject, type Json } from '../json.ts';
import { maxPayloadBytes } from '../payload.ts';
import type { Diagnostics } from './diagnostic.ts';
import type { LanguageName } from './machine-scope.ts';
import { mostItems, validateNumber } from './validate-number.ts';

/** How a distributed Map puts items together: by number, by size or both. */
export function validateItemBatcher(batcher: Json, language: LanguageName, at: string, diagnostics: Diagnostics): void {
  if (batcher === undefined) return;
  if (!isObject(batcher)) {
    diagnostics.notType('OBJECT', at);
    return;
  }
  const limits = { MaxItemsPerBatch: mostItems, MaxInputBytesPerBatch: maxPayloadBytes };
  for (const [field, most] of Object.entries(limits)) {
    const both = [field, `${field}Path`];
    if (both.every((name) => batcher[name] !== undefined)) diagnostics.exactlyOne(both, 2, at);
    const computed = language === 'JSONata';
    validateNumber(batcher[field], { least: 1, most, computed }, `${at}/${field}`, diagnostics);
  }
  const fields = Object.keys(limits).flatMap((field) => [field, `${field}Path`]);
  if (!fields.some((field) => batcher[field] !== undefined)) diagnostics.required(Object.keys(limits), at);
}
