import { h } from './dom.js';
import { get } from './api.js';

const types = { html: 'text/html', md: 'text/markdown', csv: 'text/csv', json: 'application/json' };

/** Buttons that fetch a report and keep one file of it. The signed whole comes from the command line. */
export function downloads(path, names) {
  const problem = h('span', { class: 'problem', role: 'alert' });
  const keep = async (name) => {
    problem.textContent = '';
    try {
      const report = await get(path);
      const file = report.files.find((one) => one.name === name);
      const address = URL.createObjectURL(new Blob([file.text], { type: types[name.split('.')[1]] }));
      h('a', { href: address, download: `${report.name}-${name}`.replace(/[^A-Za-z0-9._-]/g, '-') }).click();
      setTimeout(() => URL.revokeObjectURL(address), 1000);
    } catch (failure) {
      problem.textContent = failure.message;
    }
  };
  return [...names.map((name) => h('button', { type: 'button', class: 'small', onclick: () => keep(name) }, name)), problem];
}

/** The quarter that a moment is in, as reports call it. */
export const quarterOf = (at) => `${new Date(at).getUTCFullYear()}-Q${Math.floor(new Date(at).getUTCMonth() / 3) + 1}`;
