// What a person weighs before a decision: the same for one who is signed in and for one who has a link.

import { h } from './dom.js';
import { ago, countdown, spanOf, secondsOf } from './time.js';
import { strategies, triggers, count, levels, factName, factText } from './words.js';
import { mark, facts, rotationLink, quote, copyable, list } from './parts.js';

export const asksFor = (step) => step?.settings?.approve;

export function question(plan, step, secret) {
  const what = asksFor(step) === 'revoke' ? 'Revoke the old credential of' : plan.strategy === 'retire' ? 'End' : plan.strategy === 'deliver' ? 'Deliver' : 'Rotate';
  return `${what} ${secret}?`;
}

/**
 * @param view as GET /api/rotations/ID answers: rotation, plan, steps, since, planHash.
 * @param about what the catalog says of the secret (description, owner, tags, window); null if nothing is known.
 * @param found what the doctor found.
 * @param rows more of them: approvals, and until when.
 */
export function weighed({ view, step, about, found = [], rows, isReader = true }) {
  const { rotation, plan } = view;
  return facts(
    ['Why', quote(rotation.reason)],
    ['Who asked', [h('b', {}, rotation.requestedBy), ' ', ago(rotation.createdAt), h('span', { class: 'faint' }, ` · ${triggers[rotation.trigger]}`), rotation.incident ? ` · ${rotation.incident}` : null]],
    ['What', [strategies[plan.strategy] ?? plan.strategy, ' ', h('span', { class: 'faint' }, `${count(plan.steps.length, 'step')}.`)]],
    ['Changed', changes(view.since, isReader)],
    ['Affected', affected(plan, about)],
    ['Findings', findings(view, step, found)],
    ...rows,
    ['Window', about?.window ? [about.window, h('span', { class: 'faint' }, ' · for runs by schedule; this one goes on as soon as it is approved')] : null],
    ['Way back', wayBack(plan, step)],
    ['Plan', view.planHash ? [copyable(view.planHash, view.planHash.slice(0, 16)), ' ', h('span', { class: 'faint' }, 'frozen; this is what runs')] : null]);
}

export function allSteps(steps) {
  return h('details', { 'data-key': 'all-steps', class: 'all-steps' }, h('summary', {}, `All ${count(steps.length, 'step')}`),
    h('ol', { class: 'plan' }, steps.map((one) => h('li', { class: one.state === 'done' ? 'faint' : null }, one.title,
      one.state === 'done' ? ' (done)' : null, one.undo.map((undo) => h('div', { class: 'faint undo' }, 'undo: ', undo))))));
}

export const untilAnswered = (until, step) => [countdown(until), h('span', { class: 'faint' }, asksFor(step) === 'revoke' ? ' · then it is stuck' : ' · then it is cancelled')];

/**
 * The comment and the two buttons. A yes needs no words; a no does.
 * @param send sends 'approve' or 'reject' with its words; what it throws is shown.
 */
export function answer(send, problem) {
  const comment = h('textarea', { id: 'comment', rows: 2, maxlength: 500, placeholder: 'What you looked at, or why not', 'aria-describedby': 'comment-hint' });
  const press = async (verb) => {
    const words = comment.value.trim();
    if (!words && verb === 'reject') {
      problem.textContent = 'Say why in a few words: who asked will read it.';
      return comment.focus();
    }
    problem.textContent = '';
    buttons.forEach((button) => { button.disabled = true; });
    try {
      await send(verb, words || 'Approved without a comment.');
    } catch (failure) {
      problem.textContent = failure.message;
      buttons.forEach((button) => { button.disabled = false; });
    }
  };
  const buttons = [
    h('button', { type: 'button', class: 'danger', 'data-key': 'reject', onclick: () => press('reject') }, 'Reject'),
    h('button', { type: 'button', class: 'primary', 'data-key': 'approve', onclick: () => press('approve') }, 'Approve'),
  ];
  return h('div', { class: 'answer' },
    h('div', {}, h('label', { for: 'comment' }, 'Comment'), h('span', { class: 'hint inline', id: 'comment-hint' }, ' needed to reject; goes on record with your name')),
    comment, problem, h('div', { class: 'buttons' }, buttons));
}

function changes(since, isReader) {
  if (!since) return 'Nothing to compare with: no rotation of this kind has succeeded yet.';
  const last = [isReader ? rotationLink(since.rotationId) : since.rotationId, since.endedAt ? [', ', ago(since.endedAt)] : null];
  return since.changes.length === 0
    ? ['Nothing has changed: same targets, settings and waits as ', last, '.']
    : [list(since.changes), h('div', { class: 'faint' }, 'Compared with ', last, '.')];
}

function affected(plan, about) {
  const named = (kinds) => [...new Set(plan.steps.filter((step) => kinds.includes(step.kind) && step.target).map((step) => step.target))];
  const some = (names, one) => [count(names.length, one), ': ', names.slice(0, 8).join(', '), names.length > 8 ? ' …' : null];
  const targets = named(['Deliver']), consumers = named(['RestartConsumers', 'VerifyConsumers', 'ScaleConsumers']);
  return [
    targets.length > 0 ? some(targets, 'target') : 'No target',
    h('br'), consumers.length > 0 ? some(consumers, 'consumer') : 'No consumer is restarted or checked',
    about?.owner ? [h('br'), 'Owner: ', about.owner, about.tags?.length ? h('span', { class: 'faint' }, ` (${about.tags.join(', ')})`) : null] : null,
  ];
}

/** What a person should know before the answer: the plan's notes, what the step shows, and what the doctor found. */
function findings(view, step, found) {
  const shown = new Map((step?.settings?.shows ?? '').split(',').filter(Boolean)
    .flatMap((id) => Object.entries(view.steps.find((one) => one.id === id)?.facts ?? {})).filter(([name]) => name !== 'cursor'));
  const lines = [
    ...view.plan.warnings.map((one) => h('li', {}, mark(levels, 'warning'), ' ', one)),
    ...found.map((one) => h('li', {}, mark(levels, one.level), ` ${one.area}${one.part ? ` ${one.part}` : ''}: ${one.message}`)),
    ...[...shown].map(([name, text]) => h('li', {}, h('span', { class: 'faint' }, factName(name), ': '), factText(name, text))),
  ];
  return lines.length > 0 ? h('ul', { class: 'plain findings' }, lines) : 'None. What could be checked before has been checked.';
}

function wayBack(plan, step) {
  const oneWay = plan.steps.find((one) => one.settings?.forwardOnly === 'true');
  if (asksFor(step) === 'revoke') return 'Reject puts the old credential back. After the revoke there is none: only a new rotation.';
  if (plan.strategy === 'retire') return 'None after the revoke: the secret ends.';
  if (oneWay) return `None from the step “${oneWay.title}” on: a failure there stops and waits for a person.`;
  const grace = plan.steps.find((one) => one.kind === 'Grace');
  const lasts = grace && secondsOf(grace.settings?.duration) ? spanOf(grace.settings.duration) : null;
  return ['If a step fails, all that was done is undone. ',
    grace ? `Once the new value is in use, a person can roll back for ${lasts ?? 'the grace period'}.`
      : 'Once the new value is in use there is no way back: there is no grace period.'];
}
