import { h } from '../dom.js';
import { post } from '../api.js';
import { note, copyable, quote } from '../parts.js';

/** What a link of a notice asks for. To open it decides nothing. */
export async function page() {
  const code = location.hash.slice(1);
  const body = h('div', { class: 'card' });
  let asked;
  try {
    asked = await post('/api/decisions/look', { code });
    body.append(...form(asked, code, body));
  } catch (failure) {
    body.append(h('h1', {}, 'This link is over'), note('bad', failure.message));
  }
  return h('main', { id: 'main', class: 'alone decide' }, body);
}

function form(asked, code, body) {
  if (asked.state !== 'open') return [h('h1', {}, `${asked.rotationId} does not ask any more`), note('ask', 'It has been answered, or it has ended.')];
  const comment = h('textarea', { id: 'comment', rows: 2, maxlength: 500, placeholder: 'What you looked at, or why not' });
  const problem = h('p', { class: 'problem', role: 'alert' });
  const send = async (verdict) => {
    if (!comment.value.trim()) {
      problem.textContent = 'Say why in a few words: it goes on record.';
      return comment.focus();
    }
    buttons.forEach((button) => { button.disabled = true; });
    try {
      const answer = await post('/api/decisions/decide', { code, verdict, reason: comment.value.trim() });
      history.replaceState(null, '', location.pathname);
      body.replaceChildren(h('h1', {}, verdict === 'approve' ? 'Approved' : 'Rejected'), note('ok', answer.message));
    } catch (failure) {
      problem.textContent = failure.message;
      buttons.forEach((button) => { button.disabled = false; });
    }
  };
  const buttons = [
    h('button', { type: 'button', class: 'danger', 'data-key': 'reject', onclick: () => send('reject') }, 'Reject'),
    h('button', { type: 'button', class: 'primary', 'data-key': 'approve', onclick: () => send('approve') }, 'Approve'),
  ];
  return [
    h('h1', {}, `${asked.asks}: ${asked.secret}`),
    h('p', {}, h('b', {}, asked.requestedBy), ' asked for it: ', quote(asked.reason)),
    h('p', {}, h('b', { class: 'approvals' }, `${asked.given} of ${asked.need}`), ' approvals. ',
      asked.person ? `You decide as ${asked.person}.` : `You have to be signed in with the role ${asked.role}.`),
    h('p', {}, 'Plan ', copyable(asked.planHash, asked.planHash.slice(0, 16))),
    asked.warnings.length > 0 ? h('ul', {}, asked.warnings.map((one) => h('li', {}, one))) : null,
    h('ol', { class: 'plan' }, asked.steps.map((one) => h('li', {}, one))),
    h('label', { for: 'comment' }, 'Comment'), comment, problem, h('div', { class: 'buttons' }, buttons)].filter(Boolean);
}
