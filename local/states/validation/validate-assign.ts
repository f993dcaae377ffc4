import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Diagnostics } from './diagnostic.ts';

const variableName = /^\p{ID_Start}\p{ID_Continue}*$/u;
const longestName = 80;

/** Variables have names of their own kind, and one name is taken. */
export function validateAssignments(state: JsonObject, place: string, diagnostics: Diagnostics): void {
  validateAssign(state.Assign, `${place}/Assign`, diagnostics);
  for (const list of ['Choices', 'Catch']) {
    const items: Json[] = Array.isArray(state[list]) ? state[list] : [];
    for (const [index, item] of items.entries()) {
      if (isObject(item)) validateAssign(item.Assign, `${place}/${list}[${index}]/Assign`, diagnostics);
    }
  }
}

function validateAssign(assign: Json, at: string, diagnostics: Diagnostics): void {
  if (!isObject(assign)) return;
  for (const key of Object.keys(assign)) {
    const name = key.replace(/\.\$$/, '');
    if (name === 'states') {
      diagnostics.error('RESERVED_VARIABLE_NAME', "Cannot assign to reserved variable '$states'.", `${at}/${key}`);
    } else if (!variableName.test(name)) {
      const message = `Invalid variable name '${name}': the variable name contains invalid characters.`;
      diagnostics.error('INVALID_VARIABLE_NAME', message, `${at}/${key}`);
    } else if (name.length > longestName) {
      const message = `Invalid variable name '${name}': it exceeds the ${longestName}-character limit allowed by the service.`;
      diagnostics.error('INVALID_VARIABLE_NAME', message, `${at}/${key}`);
    }
  }
}
