// Says when something has changed: by server-sent events where the head has them, else by asking now and then.

import { get, background, AwayError, ApiError } from './api.js';

const POLL = 5000, RETRY = 3000, CALM = 250;
let source = null, timer = null, pending = null, away = false;
const listeners = { change: () => {}, away: () => {}, back: () => {}, signedOut: () => {} };

export function onLive(handlers) {
  Object.assign(listeners, handlers);
}

export function startLive(way) {
  stopLive();
  if (way === 'poll' || typeof EventSource === 'undefined') return poll();
  source = new EventSource('/api/events');
  source.onopen = () => { back(); };
  // A row of the audit; more of them than are told; and the beginning, before which something may have been missed.
  for (const name of ['change', 'reset', 'ready']) source.addEventListener(name, changed);
  source.onerror = () => {
    const closed = source?.readyState === EventSource.CLOSED;
    source?.close();
    source = null;
    // No events here (404), or no server: asking tells which.
    check(closed);
  };
}

export function stopLive() {
  source?.close();
  source = null;
  clearTimeout(timer);
}

/** Many changes at once are looked at once, and a steady flow of them is not waited out. */
function changed() {
  pending ??= setTimeout(() => {
    pending = null;
    listeners.change();
  }, CALM);
}

async function check(noEvents) {
  clearTimeout(timer);
  try {
    const me = await background(() => get('/api/me'));
    if (!me.signedIn) return listeners.signedOut();
    back();
    if (noEvents) return poll();
    timer = setTimeout(startLive, RETRY);
  } catch (problem) {
    if (problem instanceof ApiError && problem.status === 401) return listeners.signedOut();
    lost(problem);
    timer = setTimeout(() => check(noEvents), RETRY);
  }
}

function poll() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (document.visibilityState === 'visible') listeners.change();
    poll();
  }, POLL);
}

/** Whoever asks the server and hears nothing tells it here. */
export function lost(problem) {
  if (!(problem instanceof AwayError) || away) return;
  away = true;
  listeners.away();
  if (!source) return;
  source.close();
  source = null;
  check(false);
}

export function back() {
  if (!away) return;
  away = false;
  listeners.back();
  listeners.change();
}
