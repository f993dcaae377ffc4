'use strict';
// Functions behind custom resources send their answer to an address of AWS, most of them taking it apart and leaving
// out the port. Here such requests go to local AWS; no other request is touched.
const http = require('node:http');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');

const answerHost = /^cloudformation-custom-resource-response-[a-z0-9]+\.s3\.amazonaws\.com$/;

/** Leads every later request to the address of an answer to `endpoint`. */
function redirectAnswers(endpoint) {
  const { hostname, port } = new URL(endpoint);
  const here = (path) => ({ protocol: 'http:', hostname, port, path: `/_cloudformation${path}` });
  const inherited = https.request;
  https.request = (...given) => {
    const url = typeof given[0] === 'string' ? new URL(given[0]) : given[0] instanceof URL ? given[0] : undefined;
    const [options, listener] = url ? given.slice(1) : given;
    const plain = typeof options === 'object' ? options : {};
    if (!answerHost.test(plain.hostname ?? plain.host ?? url?.hostname)) return inherited(...given);
    const path = plain.path ?? `${url.pathname}${url.search}`;
    const { method, headers } = plain;
    return http.request({ method, headers, ...here(path) }, typeof options === 'function' ? options : listener);
  };
  syncBuiltinESMExports();
  const inheritedFetch = globalThis.fetch;
  globalThis.fetch = (input, options) => {
    const url = typeof input === 'string' || input instanceof URL ? new URL(input) : undefined;
    if (!url || !answerHost.test(url.hostname)) return inheritedFetch(input, options);
    return inheritedFetch(new URL(`/_cloudformation${url.pathname}${url.search}`, endpoint), options);
  };
}

module.exports = { redirectAnswers };
