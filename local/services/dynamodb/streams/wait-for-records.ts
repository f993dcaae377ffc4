/**
 * In the input of GetRecords: answer when there are records, or when the caller has gone, and not at once with none. AWS
 * asks streams four times a second for its mappings; here nobody needs to ask. A symbol, so that no request over HTTP can
 * carry it.
 */
export const waitForRecords = Symbol('waitForRecords');
