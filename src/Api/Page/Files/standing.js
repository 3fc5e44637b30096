// Where a rotation stands: why it does not go on, and what a person can do. The first thing that is read.

import { h } from './dom.js';
import { countdown, span } from './time.js';
import { states, verbs, count } from './words.js';
import { mark, facts, meter, link } from './parts.js';
import { part } from './api.js';

export const final = new Set(['succeeded', 'rolled-back', 'rejected', 'cancelled', 'superseded']);

/** Steps that come again and again while nothing is wrong: a look for evidence, a slice of rows, a reminder. */
const repeats = { Evidence: (number) => count(number, 'look'), Ask: () => null, ConfirmRevoked: () => null, Rehearse: () => null, Backup: () => null, Migrate: () => null, VerifyRows: () => null, RestoreRows: () => null };

/** How often a step was begun, in words; null where that says nothing. */
export const tries = (kind, attempts) => attempts > 1 ? (repeats[kind] ? repeats[kind](attempts) : count(attempts, 'attempt')) : null;

/** A problem without the title of its step, which stands beside it. */
export function withoutTitle(problem, title) {
  const text = title && problem?.startsWith(`${title}: `) ? problem.slice(title.length + 2) : problem ?? '';
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function standing(view) {
  const { rotation, progress } = view;
  const tone = (states[rotation.state] ?? [])[1] ?? 'plain';
  const step = view.plan.steps.find((one) => one.id === progress?.stepId);
  const isStuck = rotation.state === 'stuck';
  const problem = progress?.problem ?? (isStuck ? rotation.detail : null);
  const lines = [];
  if (problem) lines.push(h('p', { class: 'now-problem' }, withoutTitle(problem, progress?.stepTitle)));
  else if (final.has(rotation.state) && rotation.detail) lines.push(h('p', {}, rotation.detail));
  if (progress?.stepTitle) {
    const often = tries(step?.kind, progress.attempt);
    lines.push(h('p', {}, h('span', { class: 'faint num' }, `Step ${progress.step} of ${progress.steps}: `), h('b', {}, progress.stepTitle),
      often ? h('span', { class: 'faint' }, `, ${often}`) : null));
  }
  if (progress?.waitingFor && !isStuck) {
    // What an approval shows is read where it is decided.
    const what = rotation.state === 'waiting-for-approval' ? [/^[^.(]*/.exec(progress.waitingFor)[0].trim(), '. ', link(`/approve/${part(rotation.id)}`, 'What it is about')] : progress.waitingFor;
    lines.push(h('p', {}, 'Waits for ', what, progress.waitingUntil ? [' · ', countdown(progress.waitingUntil)] : null,
      step?.kind === 'Evidence' ? ` · then ${step.settings?.onTimeout === 'proceed' ? 'it goes on without proof' : 'it is stuck, and a person decides'}` : null, '.'));
  }
  if (progress?.progress) lines.push(slices(progress.progress, rotation.state === 'paused'));
  if (isStuck) lines.push(...waysOut(view));
  const own = view.can.filter((one) => !one.allowed);
  if (view.can.length > 0 && own.length === view.can.length) {
    const why = [...new Set(own.map((one) => one.whyNot))];
    lines.push(h('p', { class: 'faint' }, 'You can read this, and not act here. ', why.join(' ')));
  }
  return h('div', { class: `card state ${tone}` }, h('div', { class: 'state-word' }, mark(states, rotation.state)), h('div', { class: 'state-text' }, lines));
}

/** Nobody should have to guess what a button does while something is stuck. */
function waysOut(view) {
  const { rotation } = view;
  const both = ['Active', 'Previous'].every((state) => view.credentials.some((one) => one.state === state));
  return [
    both ? h('p', {}, 'Nothing is lost: the new value is in use, and the old one lives on until this is settled.') : null,
    facts(
      ...view.can.map(({ verb, allowed, whyNot }) => [verbs[verb]?.label ?? verb, [verbs[verb]?.does ?? '', allowed ? null : h('span', { class: 'faint' }, ` ${whyNot}`)]]),
      ['Emergency', ['If nothing else helps: ', link(`/incidents?secret=${part(rotation.secret)}`, 'a new value at once'), '. It takes over from this rotation.']])];
}

/** Rows done of a step that moves stored data. */
function slices(progress, isPaused) {
  const done = progress.total > 0 ? Math.floor((100 * progress.rows) / progress.total) : 0;
  return h('div', { class: 'slices num' },
    meter(progress.rows, progress.total, `${done} percent of the rows`),
    h('p', {}, h('b', {}, `${done} %`), ` · ${progress.rows.toLocaleString('en-GB')} of ${progress.total.toLocaleString('en-GB')} rows`,
      progress.rowsPerSecond > 0 && !isPaused ? ` · ${progress.rowsPerSecond.toLocaleString('en-GB')} a second` : null,
      progress.secondsLeft !== undefined ? ` · about ${span(progress.secondsLeft)} ${isPaused ? 'more, once it goes on' : 'left'}` : null));
}
