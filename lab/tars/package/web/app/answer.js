'use strict';
// The answers of the API: HTTP 200 whatever happened, the truth in ret_code; and what a request brought.

/** What the API refuses, in its own words. */
class Refusal extends Error {}

const MOST = 64 * 1024 * 1024;

function json(response, data, error, status) {
  response.writeHead(status || 200, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify({ data: data === undefined ? {} : data, ret_code: error ? 500 : 200, err_msg: error || '' }) + '\n');
}

function needed(parameters) {
  for (const name of Object.keys(parameters)) {
    const value = parameters[name];
    if (value === undefined || value === null || value === '') throw new Refusal(name + '#common.notEmpty#');
  }
}

async function bodyOf(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > MOST) throw new Refusal('the body is larger than ' + MOST + ' bytes');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** { fields, files } of a multipart body: fields are texts, files have a name and bytes. */
function multipart(type, body) {
  const match = /boundary="?([^";]+)"?/.exec(type);
  if (!match) throw new Refusal('no boundary in ' + type);
  const mark = Buffer.from('--' + match[1]);
  const found = { fields: {}, files: {} };
  for (let at = body.indexOf(mark), next; at >= 0; at = next) {
    next = body.indexOf(mark, at + mark.length);
    if (next < 0) break;
    const part = body.slice(at + mark.length + 2, next - 2);
    const end = part.indexOf('\r\n\r\n');
    const head = part.slice(0, end).toString();
    const name = / name="([^"]*)"/i.exec(head);
    const file = / filename="([^"]*)"/i.exec(head);
    if (end < 0 || !name) throw new Refusal('a part of the form has no name');
    const bytes = part.slice(end + 4);
    if (file) found.files[name[1]] = { name: file[1], bytes };
    else found.fields[name[1]] = bytes.toString();
  }
  return found;
}

/** The parameters of a request, whatever way they came. */
async function parametersOf(request, query) {
  const type = request.headers['content-type'] || '';
  const values = Object.assign({}, query);
  if (request.method !== 'POST') return { values, files: {} };
  const body = await bodyOf(request);
  if (type.startsWith('multipart/')) {
    const { fields, files } = multipart(type, body);
    return { values: Object.assign(values, fields), files };
  }
  try {
    return { values: Object.assign(values, JSON.parse(body.toString() || '{}')), files: {} };
  } catch (error) {
    throw new Refusal('the body is no JSON: ' + error.message);
  }
}

/** Answers with what the promise gives; refusals in their words, all else as the database or the system says it. */
async function reply(response, work, note) {
  try {
    json(response, await work());
  } catch (error) {
    if (!(error instanceof Refusal)) note('ERROR ' + error.stack);
    json(response, null, error.message || String(error));
  }
}

module.exports = { Refusal, needed, json, parametersOf, reply };
