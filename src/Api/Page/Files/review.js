// Emergencies that went without approval: looked at afterwards, by two people who did not start them.

import { h } from './dom.js';
import { post, part } from './api.js';
import { ago } from './time.js';
import { quote, rotationLink, secretLink } from './parts.js';
import { ask } from './dialog.js';
import { me, may } from './shell.js';

/** What one review asks for, who has looked, and the button of whoever may. */
export function review(one, refresh) {
  const mine = one.reviewers.some((reviewer) => samePerson(reviewer.actor));
  return h('div', { class: 'review' },
    h('p', {}, h('b', { class: 'num' }, `${one.reviewers.length} of ${one.need}`), ' have looked at ', rotationLink(one.rotationId), ' of ', secretLink(one.secret), '. ',
      h('b', {}, one.requestedBy), ' started it without approval ', ago(one.openedAt), ': ', quote(one.reason)),
    one.reviewers.map((reviewer) => h('p', {}, h('b', {}, reviewer.actor), ' looked ', ago(reviewer.at), ': ', quote(reviewer.comment))),
    one.closedAt ? h('p', { class: 'faint' }, 'Closed ', ago(one.closedAt), '.')
      : samePerson(one.requestedBy) ? h('p', { class: 'faint' }, 'You started it yourself: two others have to look at it.')
        : mine ? h('p', { class: 'faint' }, 'You have looked at it. Another person has to look at it too.')
          : may('approve') ? h('button', { type: 'button', 'data-key': `review-${one.rotationId}`, onclick: () => look(one, refresh) }, 'I have looked at it…')
            : h('p', { class: 'faint' }, 'This needs the role approver or admin.'));
}

function look(one, refresh) {
  return ask({
    title: `Review of ${one.rotationId}`,
    text: 'Was it needed, did it do what it should, and what is to be done so that it is not needed again?',
    button: 'Put on record',
    fields: [{ name: 'reason', label: 'What you found', required: true, hint: 'It goes on record with your name.' }],
    send: async ({ reason }) => { await post(`/api/reviews/${part(one.rotationId)}/close`, { reason }); refresh(true); },
  });
}

/** An actor is a token's name with its owner in brackets, or the person alone. */
const samePerson = (actor) => (/\[(.+)\]$/.exec(actor)?.[1] ?? actor).toLowerCase() === me.name.toLowerCase();
