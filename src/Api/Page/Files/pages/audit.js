import { h } from '../dom.js';
import { get, query } from '../api.js';
import { ago, titleOf } from '../time.js';
import { count } from '../words.js';
import { section, empty, table, secretLink, rotationLink, note, link } from '../parts.js';
import { go, me } from '../shell.js';
import { Chain } from '../chain.js';

const PAGE = 100;

export function page({ search }) {
  const [secret, rotation, before] = [search.get('secret') ?? '', search.get('rotation') ?? '', search.get('before')];
  const check = h('div', { class: 'check', 'aria-live': 'polite' });
  return {
    title: () => 'Audit',
    load: () => read({ secret, rotation, before: before ?? 'end' }),
    render: ({ rows, next }) => [
      h('div', { class: 'head' }, h('div', {}, h('h1', {}, 'Audit'),
        h('p', { class: 'lead' }, 'Who did what, and why. Each row carries the hash of the one before it, so a change shows.', me.seesAll ? null : ' You see the rows of your secrets. To verify the chain takes all of them: ask somebody who sees every secret.')),
      h('div', { class: 'buttons' },
        me.seesAll ? h('button', { type: 'button', class: 'primary', onclick: (event) => verify(check, event.target) }, 'Verify the chain') : null,
        h('button', { type: 'button', onclick: (event) => download(check, event.target, secret, rotation) }, 'Export'))),
      check,
      h('form', { class: 'filters', onsubmit: (event) => {
        event.preventDefault();
        go(query('/audit', { secret: document.getElementById('audit-secret').value.trim(), rotation: document.getElementById('audit-rotation').value.trim() }));
      } },
      h('label', { for: 'audit-secret' }, 'Secret'), h('input', { id: 'audit-secret', type: 'text', value: secret, autocomplete: 'off' }),
      h('label', { for: 'audit-rotation' }, 'Rotation'), h('input', { id: 'audit-rotation', type: 'text', value: rotation, autocomplete: 'off' }),
      h('button', { type: 'submit' }, 'Filter'), secret || rotation ? link('/audit', 'All rows') : null),
      rows.length === 0
        ? empty(secret || rotation || before ? 'No row is like that.' : me.seesAll ? 'No row yet.' : 'No row of your secrets yet.', 'Every start, step, approval and refusal is a row here. None is ever changed or taken away.')
        : table('Audit rows, newest first', ['Row', 'When', 'Who', 'What', 'Of', 'Detail', 'Hash'], rows.map((row) => [
          h('span', { class: 'num' }, row.sequence),
          h('span', { class: 'nowrap' }, ago(row.at)),
          row.actor,
          h('code', {}, row.action),
          row.rotationId ? rotationLink(row.rotationId) : row.secret ? secretLink(row.secret) : '',
          h('span', { class: 'clip wide', title: row.detail ?? '' }, row.stepId ? `${row.stepId} ` : '', words(row.detail)),
          h('code', { title: row.hash, class: 'faint' }, row.hash.slice(0, 8)),
        ])),
      h('nav', { class: 'pages', 'aria-label': 'Pages of rows' },
        before ? h('a', { class: 'button', href: query('/audit', { secret, rotation }) }, 'Newest') : null,
        next ? h('a', { class: 'button', href: query('/audit', { secret, rotation, before: next }) }, 'Older') : null),
    ],
  };
}

/** Of pages whose rows are others' secrets nothing is told: reads on until there is something to show. */
async function read({ secret, rotation, before }) {
  const rows = [];
  let next = before;
  for (let pages = 0; next && rows.length < PAGE && pages < 20; pages++) {
    const answer = await get(query('/api/audit', { secret, rotation, before: next, limit: pages === 0 ? PAGE : 1000 }));
    rows.push(...answer.rows);
    next = answer.next ?? null;
  }
  return { rows, next };
}

function words(detail) {
  try {
    const read = JSON.parse(detail);
    if (typeof read !== 'object' || read === null) return detail;
    return [read.reason ?? read.detail, read.attempt > 1 ? `attempt ${read.attempt}` : null, read.fingerprint, read.note].filter(Boolean).join(' · ');
  } catch { return detail ?? ''; }
}

/** Recomputes every hash from the first row on, in this browser: the server is not asked whether it is right. */
async function verify(out, button) {
  if (!globalThis.crypto?.subtle) return out.replaceChildren(note('bad', 'Browsers compute hashes on https addresses and on this machine only. On the server: rotunda audit verify.'));
  button.disabled = true;
  const chain = new Chain();
  try {
    let after = 0;
    while (chain.problem === null && after !== null) {
      const pageOf = await get(`/api/audit?after=${after}&limit=1000`);
      await chain.take(pageOf.rows);
      after = pageOf.next ?? null;
      out.replaceChildren(h('p', { class: 'num' }, `${chain.rows.toLocaleString('en-GB')} rows looked at…`));
    }
    out.replaceChildren(chain.problem === null
      ? note('ok', h('b', {}, 'The chain is intact. '), `${count(chain.rows, 'row')}, each hash recomputed in this browser. The newest is `, h('code', {}, chain.hash), '. Keep it elsewhere: with it, rows that go missing at the end show too.')
      : note('bad', h('b', {}, 'The chain is broken. '), chain.problem));
  } catch (problem) {
    out.replaceChildren(note('bad', problem.message));
  }
  button.disabled = false;
}

/** All rows that the filter leaves, one JSON object a line. */
async function download(out, button, secret, rotation) {
  button.disabled = true;
  const parts = [];
  let after = 0;
  try {
    while (after !== null) {
      const pageOf = await get(query('/api/audit', { secret, rotation, after, limit: 1000 }));
      parts.push(pageOf.rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      after = pageOf.next ?? null;
    }
    const url = URL.createObjectURL(new Blob(parts, { type: 'application/jsonl' }));
    const a = h('a', { href: url, download: `audit${secret ? `-${secret}` : ''}${rotation ? `-${rotation}` : ''}.jsonl` });
    document.body.append(a);
    a.click();
    a.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  } catch (problem) {
    out.replaceChildren(note('bad', problem.message, ' Nothing was exported.'));
  }
  button.disabled = false;
}
