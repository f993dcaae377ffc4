import { isObject, type Json } from '../json.ts';
import type { Diagnostics } from './diagnostic.ts';
import type { LanguageName } from './machine-scope.ts';
import { onlyIn } from './state-fields.ts';
import { mostItems, validateNumber } from './validate-number.ts';

const reads = /^arn:[^:]+:states:::s3:(getObject|listObjectsV2)$/;
const writes = /^arn:[^:]+:states:::s3:putObject$/;
const inputTypes = ['CSV', 'JSON', 'JSONL', 'PARQUET', 'MANIFEST'];
const manifestTypes = ['ATHENA_DATA', 'S3_INVENTORY'];
const readings = ['NONE', 'LOAD_AND_FLATTEN'];
const delimiters = ['COMMA', 'PIPE', 'SEMICOLON', 'SPACE', 'TAB'];
const headerLocations = ['FIRST_ROW', 'GIVEN'];
const transformations = ['NONE', 'COMPACT', 'FLATTEN'];
const outputTypes = ['JSON', 'JSONL'];

/** Where a distributed Map takes its items from. */
export function validateItemReader(reader: Json, language: LanguageName, at: string, diagnostics: Diagnostics): void {
  if (reader === undefined) return;
  if (!isObject(reader)) {
    diagnostics.notType('OBJECT', at);
    return;
  }
  validateResource(reader.Resource, reads, at, diagnostics);
  validateLanguage(reader, language, at, diagnostics);
  const { ReaderConfig: config } = reader;
  if (!isObject(config)) return;
  const { InputType: type, ManifestType: manifest, Transformation: change } = config;
  const here = `${at}/ReaderConfig`;
  if (type !== undefined && !inputTypes.includes(type)) diagnostics.notOneOf(inputTypes, `${here}/InputType`);
  if (manifest !== undefined && !manifestTypes.includes(manifest)) {
    diagnostics.notOneOf(manifestTypes, `${here}/ManifestType`);
  }
  if (manifest === 'S3_INVENTORY' && type !== undefined) diagnostics.unsupported('InputType', here);
  if (change !== undefined && !readings.includes(change)) diagnostics.notOneOf(readings, `${here}/Transformation`);
  if (change === 'LOAD_AND_FLATTEN' && type === undefined) diagnostics.required(['InputType'], here);
  validateCsv(config, here, diagnostics);
  validateMaxItems(config, language, here, diagnostics);
}

/** How text is cut into rows and fields; an inventory is text, too. */
function validateCsv(config: Record<string, Json>, here: string, diagnostics: Diagnostics): void {
  const { InputType: type, CSVHeaderLocation: location, CSVHeaders: headers, CSVDelimiter: delimiter } = config;
  if (type === 'CSV' && location === undefined) {
    diagnostics.schema("The field 'CSVHeaderLocation' is required", here);
  }
  if (type !== undefined && type !== 'CSV' && type !== 'MANIFEST') {
    for (const field of ['CSVHeaderLocation', 'CSVHeaders', 'CSVDelimiter']) {
      if (config[field] !== undefined) diagnostics.unsupported(field, here);
    }
  }
  if (delimiter !== undefined && !delimiters.includes(delimiter)) {
    diagnostics.notOneOf(delimiters, `${here}/CSVDelimiter`);
  }
  if (location !== undefined && !headerLocations.includes(location)) {
    diagnostics.notOneOf(headerLocations, `${here}/CSVHeaderLocation`);
  }
  if (location === 'GIVEN' && headers === undefined) diagnostics.required(['CSVHeaders'], here);
  if (headers !== undefined && !Array.isArray(headers)) diagnostics.notType('ARRAY', `${here}/CSVHeaders`);
}

/** How many items are read at the most: given, or (JSONPath) found by a path. */
function validateMaxItems(
  config: Record<string, Json>,
  language: LanguageName,
  here: string,
  diagnostics: Diagnostics,
): void {
  const both = ['MaxItems', 'MaxItemsPath'];
  if (both.every((field) => config[field] !== undefined)) diagnostics.exactlyOne(both, 2, here);
  const computed = language === 'JSONata';
  validateNumber(config.MaxItems, { least: 0, most: mostItems, computed }, `${here}/MaxItems`, diagnostics);
}

/** Where a distributed Map leaves its results, and in what form. */
export function validateResultWriter(writer: Json, language: LanguageName, at: string, diagnostics: Diagnostics): void {
  if (writer === undefined) return;
  if (!isObject(writer)) {
    diagnostics.notType('OBJECT', at);
    return;
  }
  const { Resource: resource, WriterConfig: config } = writer;
  const place = writer[language === 'JSONata' ? 'Arguments' : 'Parameters'];
  if (resource !== undefined) validateResource(resource, writes, at, diagnostics);
  validateLanguage(writer, language, at, diagnostics);
  if (resource === undefined && config === undefined) diagnostics.required(['Resource'], at);
  if (resource !== undefined && place === undefined) {
    diagnostics.required([language === 'JSONata' ? 'Arguments' : 'Parameters'], at);
  }
  if (!isObject(config)) return;
  const here = `${at}/WriterConfig`;
  const missing = ['Transformation', 'OutputType'].filter((field) => config[field] === undefined);
  if (missing.length > 0) diagnostics.required(missing, here);
  if (config.Transformation !== undefined && !transformations.includes(config.Transformation)) {
    diagnostics.notOneOf(transformations, `${here}/Transformation`);
  }
  if (config.OutputType !== undefined && !outputTypes.includes(config.OutputType)) {
    diagnostics.notOneOf(outputTypes, `${here}/OutputType`);
  }
}

function validateResource(resource: Json, allowed: RegExp, at: string, diagnostics: Diagnostics): void {
  if (resource === undefined) diagnostics.required(['Resource'], at);
  else if (typeof resource !== 'string' || !allowed.test(resource)) {
    diagnostics.schema("The field 'Resource' does not match any of the allowed values", `${at}/Resource`);
  }
}

function validateLanguage(
  access: Record<string, Json>,
  language: LanguageName,
  at: string,
  diagnostics: Diagnostics,
): void {
  const [foreign, other] = language === 'JSONata' ? ['Parameters', 'JSONPath'] : ['Arguments', 'JSONata'];
  if (access[foreign!] !== undefined) diagnostics.schema(onlyIn(other as LanguageName, foreign!), at);
}
