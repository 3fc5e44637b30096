// The same HTTP API that everyone may use (docs/http-api.md). No answer holds a value of a secret.

export class ApiError extends Error {
  constructor(status, code, detail, rotationId) {
    super(detail);
    this.status = status;
    this.code = code;
    this.rotationId = rotationId;
  }
}

/** The server did not answer. */
export class AwayError extends Error {}

const SIGNED_OUT = 'Your session has ended. Sign in again in another tab, then send this once more.';

let unasked = 0;

/** What is read meanwhile no person asked for: it does not keep the session alive. */
export async function background(read) {
  unasked++;
  try { return await read(); } finally { unasked--; }
}

async function send(method, path, body, signal) {
  let response;
  try {
    response = await fetch(path, {
      method,
      signal,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: {
        Accept: 'application/json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(unasked > 0 && method === 'GET' ? { 'Rotunda-Background': '1' } : {}),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (problem) {
    if (problem.name === 'AbortError') throw problem;
    throw new AwayError('The server does not answer.');
  }
  if (response.status === 502 || response.status === 504) throw new AwayError('The server does not answer.');
  const text = await response.text();
  let answer = null;
  try { answer = text ? JSON.parse(text) : null; } catch { /* a proxy's own page */ }
  if (response.ok) return answer;
  const ended = response.status === 401 && answer?.code !== 'sign-in-again';
  throw new ApiError(response.status, answer?.code ?? 'unknown', ended ? SIGNED_OUT : answer?.detail ?? `The server answered ${response.status}.`, answer?.rotationId);
}

export const get = (path, signal) => send('GET', path, undefined, signal);
export const post = (path, body) => send('POST', path, body ?? {});

/** A path with its parameters; those that are empty are left out. */
export function query(path, parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

export const part = encodeURIComponent;
