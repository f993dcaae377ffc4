/**
 * The driver's decoder of texts takes a byte order mark at the beginning of any of them for one of a file, and leaves it out
 * (1.5.5). Here it is a character like others: rows that pass through JavaScript must not lose it.
 */
export async function readWholeTexts(): Promise<void> {
  const accessors: any = await import('@duckdb/node-api/lib/vectors/dataAccessors.js');
  const { textDecoder } = accessors.default;
  // Whoever changes the driver must look here again: without a decoder to replace, texts would be cut in silence.
  if (!(textDecoder instanceof TextDecoder))
    throw new TypeError('the driver of DuckDB decodes texts in another way now');
  if (!textDecoder.ignoreBOM) accessors.default.textDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
}
