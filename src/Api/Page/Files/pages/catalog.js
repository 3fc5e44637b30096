import { h } from '../dom.js';
import { get, post, part } from '../api.js';
import { ago } from '../time.js';
import { levels, count } from '../words.js';
import { mark, section, empty, table, secretLink, note, link } from '../parts.js';
import { ask } from '../dialog.js';
import { may } from '../shell.js';

export function page({ refresh }) {
  return {
    title: () => 'Catalog',
    async load() {
      const [doctor, orphans, clock] = await Promise.all([get('/api/doctor?last=true'), get('/api/orphans'), get('/api/clock')]);
      delete clock.at;
      return { doctor, orphans: orphans.orphans, clock };
    },
    render: ({ doctor, orphans, clock }) => {
      const problems = doctor.findings.filter((one) => one.level === 'problem').length;
      return [
        h('div', { class: 'head' }, h('div', {}, h('h1', {}, 'Catalog'),
          h('p', { class: 'lead' }, `${count(doctor.secrets, 'secret')}, catalog `, h('code', { title: doctor.catalogHash }, doctor.catalogHash.slice(0, 12)), ', looked at ', ago(doctor.at), '.')),
        h('div', { class: 'buttons' }, h('button', { type: 'button', class: 'primary', 'data-key': 'look', onclick: async (event) => {
          event.target.disabled = true;
          event.target.textContent = 'Looking…';
          try { await get('/api/doctor'); } catch { /* the next look tells */ }
          event.target.disabled = false;
          event.target.textContent = 'Look now';
          refresh(true);
        } }, 'Look now'))),
        doctor.healthy ? note('ok', 'Every rotation could start, and end well, as far as a look can tell.') : note('bad', `${count(problems, 'problem')}: a rotation could not start, or not end well.`),
        section('Findings', { count: doctor.findings.length },
          doctor.findings.length === 0
            ? empty('Nothing was found.', 'The doctor looks at all that rotations would touch: references, stores, providers, targets, consumers, the clock and the disk.')
            : table('Findings', ['Level', 'Area', 'Secret', 'What is wrong, and what to do'], doctor.findings.slice(0, 300).map((one) => [
              mark(levels, one.level), [one.area, one.part ? h('div', { class: 'faint' }, one.part) : null], one.secret ? secretLink(one.secret) : h('span', { class: 'faint' }, 'all'), one.message]))),
        section('Orphans', { count: orphans.length },
          orphans.length === 0
            ? empty('There is no orphan.', 'A credential that exists, or may exist, at a provider and that only a person can settle would be here.')
            : table('Orphans', ['Secret', 'At the provider', 'Made', 'Why', 'What to do'], orphans.slice(0, 100).map((one) => [
              secretLink(one.secret), [one.provider ?? '', h('div', { class: 'faint' }, one.providerCredentialId ?? one.account ?? one.label ?? '')], ago(one.createdAt), [one.note ?? '', revoking(one)],
              may('approve') ? h('div', { class: 'buttons left' }, settle(one, refresh)) : h('span', { class: 'faint' }, 'This needs the role approver or admin.')]))),
        section('Clock', {}, clock.believed
          ? h('p', {}, 'The clock is believed.')
          : [note('bad', `It is not believed, so nothing is revoked: ${clock.why}`), may('approve') ? h('button', { type: 'button', onclick: () => ask({
            title: 'Confirm the clock', text: 'Say that this machine’s clock is right. Grace periods go by it.', button: 'It is right',
            fields: [{ name: 'reason', label: 'How you know', required: true }],
            send: async ({ reason }) => { await post('/api/clock/confirm', { reason }); refresh(true); } }) }, 'It is right…') : null]),
      ];
    },
  };
}

function revoking(orphan) {
  const text = orphan.isRevoking ? 'It is being revoked.' : orphan.problem ? 'It could not be revoked.' : null;
  return text ? h('div', { class: 'faint' }, [text, orphan.problem].filter(Boolean).join(' ')) : null;
}

function settle(orphan, refresh) {
  const ways = [
    orphan.canRevoke && !orphan.isRevoking ? ['revoke', 'Revoke', 'Rotunda revokes it at the provider.', 'danger'] : null,
    ['revoked', 'I revoked it', 'You have revoked it yourself; it is listed no more.', ''],
    orphan.isRevoking ? null : ['kept', 'Keep', 'Somebody uses it, and takes care of it from now on.', ''],
  ].filter(Boolean);
  return ways.map(([how, label, text, look]) => h('button', { type: 'button', class: `small ${look}`, onclick: () => ask({
    title: `${label}: orphan ${orphan.id} of ${orphan.secret}`, text, button: label, look: look || 'primary',
    fields: [{ name: 'reason', label: 'Reason', required: true, hint: 'It goes on record with your name.' }],
    send: async ({ reason }) => { await post(`/api/orphans/${part(orphan.id)}/settle`, { how, reason }); refresh(true); },
  }) }, label));
}
