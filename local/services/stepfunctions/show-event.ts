import type { HistoryEvent } from '../../states/history.ts';
import type { JsonObject } from '../../states/json.ts';

/** Texts that history may leave out, each of which is shown together with a note of whether it was cut. */
const documents = ['input', 'output', 'assignedVariables'];

/** An event in the shape of GetExecutionHistory. */
export function showEvent(event: HistoryEvent, includeData: boolean): JsonObject {
  const { id, type, previousEventId, details } = event;
  const shown: JsonObject = { timestamp: new Date(event.timestamp), type, id, previousEventId };
  if (details) shown[detailsName(type)] = showDetails(details, includeData);
  return shown;
}

function detailsName(type: string): string {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

function showDetails(details: JsonObject, includeData: boolean): JsonObject {
  const shown: JsonObject = {};
  for (const [key, value] of Object.entries(details)) {
    const document = documents.includes(key);
    if (document && !includeData) continue;
    shown[key] = value;
    if (document) shown[`${key}Details`] = { truncated: false };
  }
  return shown;
}
