'use strict';
// The module `cfn-response` that inline code of custom resources finds on Lambda.
const https = require('node:https');

exports.SUCCESS = 'SUCCESS';
exports.FAILED = 'FAILED';

/** Sends the answer and ends the invocation, where the runtime still has callbacks; resolves once it has been sent. */
exports.send = (event, context, Status, Data, physicalResourceId, NoEcho = false) => {
  const { StackId, RequestId, LogicalResourceId, ResponseURL } = event;
  const body = JSON.stringify({
    Status,
    Reason: `See the details in CloudWatch Log Stream: ${context.logStreamName}`,
    PhysicalResourceId: physicalResourceId || context.logStreamName,
    StackId,
    RequestId,
    LogicalResourceId,
    NoEcho,
    Data,
  });
  const { hostname, pathname, search } = new URL(ResponseURL);
  const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const request = https.request({ hostname, path: pathname + search, method: 'PUT', headers }, (response) => {
      response.resume();
      response.on('end', resolve);
    });
    request.on('error', reject);
    request.end(body);
  }).finally(() => context.done?.());
};
