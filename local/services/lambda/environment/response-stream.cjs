'use strict';
// What a handler that streams its response writes to: a POST to the Runtime API that goes on until the stream ends. An
// error on the way comes in its trailers, because its status has long been sent.
const http = require('node:http');
const { Writable } = require('node:stream');

const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');
const waterMark = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');
const preludeType = 'application/vnd.awslambda.http-integration-response';

const asBytes = (chunk) => (typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk : JSON.stringify(chunk));

class ResponseStream extends Writable {
  #target;
  #request;
  #answered;
  #contentType = 'application/octet-stream';
  #prelude;
  #ended = Promise.withResolvers();

  /** `target` is what `http.request` takes. */
  constructor(target, options) {
    super(options);
    this.#target = target;
    this.#ended.promise.catch(() => {});
    this.on('error', () => {});
  }

  get begun() {
    return this.#request !== undefined;
  }

  setContentType(type) {
    this.#contentType = type;
  }

  /** Goes ahead of the first thing that is written; where nothing is, it is not either. */
  setPrelude(prelude) {
    this.setContentType(preludeType);
    this.#prelude = Buffer.concat([Buffer.from(JSON.stringify(prelude)), Buffer.alloc(8)]);
  }

  write(chunk, ...rest) {
    return super.write(asBytes(chunk), ...rest);
  }

  end(chunk, ...rest) {
    const given = chunk !== undefined && chunk !== null && typeof chunk !== 'function';
    return super.end(given ? asBytes(chunk) : chunk, ...rest);
  }

  /** Resolves when all that was written has been taken. */
  finished() {
    return this.#ended.promise;
  }

  /** Ends a response that has begun with an error. */
  fail({ errorType, body }) {
    this.#request.addTrailers({
      'lambda-runtime-function-error-type': errorType,
      'lambda-runtime-function-error-body': Buffer.from(body).toString('base64'),
    });
    this.#request.end();
    return this.#answered;
  }

  #open() {
    const headers = {
      'content-type': this.#contentType,
      'lambda-runtime-function-response-mode': 'streaming',
      'transfer-encoding': 'chunked',
      trailer: 'lambda-runtime-function-error-type, lambda-runtime-function-error-body, x-peak-memory-kilobytes',
    };
    // On a connection of its own: a crash must be told while this one is busy.
    const request = http.request({ ...this.#target, agent: false, method: 'POST', headers });
    this.#answered = new Promise((resolve, reject) => {
      request.on('error', reject);
      request.on('response', (response) => response.resume().on('end', resolve).on('error', reject));
    });
    this.#answered.catch((error) => this.destroy(error));
    this.#request = request;
    if (this.#prelude) request.write(this.#prelude);
  }

  _write(chunk, _encoding, done) {
    if (!this.#request) this.#open();
    this.#request.write(chunk, done);
  }

  _final(done) {
    if (!this.#request) {
      this.#prelude = undefined;
      this.#open();
    }
    this.#request.addTrailers({ 'x-peak-memory-kilobytes': String(process.resourceUsage().maxRSS) });
    this.#request.end();
    this.#answered.then(() => done(), done);
  }

  _destroy(error, done) {
    if (error) this.#ended.reject(error);
    else this.#ended.resolve();
    done(error);
  }
}

/** The global of the same name in Lambda's Node runtimes. */
const awslambda = {
  streamifyResponse(handler, options) {
    handler[streaming] = 'response';
    if (options?.highWaterMark !== undefined) handler[waterMark] = Number(options.highWaterMark);
    return handler;
  },
  HttpResponseStream: {
    from(stream, prelude) {
      stream.setPrelude(prelude);
      return stream;
    },
  },
};

/** The options of the stream that a handler wants, or undefined where it wants none. */
const streamOptions = (handler) =>
  handler[streaming] && (handler[waterMark] === undefined ? {} : { highWaterMark: handler[waterMark] });

module.exports = { awslambda, ResponseStream, streamOptions };
