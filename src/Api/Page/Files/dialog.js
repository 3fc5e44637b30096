import { h } from './dom.js';

let number = 0;

/**
 * Asks before something is done. Gives what was typed to `send`, which may throw: then the dialog stays and says why.
 * @param ask {title, text, fields: [{name, label, hint, value, type, required, options: [[value, text]]}], button, look, send}
 * @returns true if it was done.
 */
export function ask({ title, text, fields, button, look, send }) {
  const id = `dialog-${++number}`;
  return new Promise((resolve) => {
    let done = false;
    const problem = h('p', { class: 'problem', role: 'alert' });
    const inputs = fields.map((field) => [field, input(id, field)]);
    const go = h('button', { type: 'submit', class: look ?? 'primary' }, button);
    const dialog = h('dialog', { 'aria-labelledby': id, onclose: () => { dialog.remove(); resolve(done); } },
      h('form', { novalidate: true, onsubmit: async (event) => {
        event.preventDefault();
        const missing = inputs.find(([field, element]) => field.required && !element.value.trim());
        if (missing) {
          problem.textContent = `${missing[0].label} is missing.`;
          missing[1].focus();
          return;
        }
        go.disabled = true;
        problem.textContent = '';
        try {
          await send(Object.fromEntries(inputs.map(([field, element]) => [field.name, element.value.trim()])));
          done = true;
          dialog.close();
        } catch (failure) {
          problem.replaceChildren(...(failure.code === 'sign-in-again' ? again() : [failure.message]));
          go.disabled = false;
        }
      } },
      h('h2', { id }, title),
      h('p', {}, text),
      inputs.map(([field, element]) => h('div', { class: 'field' },
        h('label', { for: element.id }, field.label, field.required ? null : h('span', { class: 'faint' }, ' (may be left out)')),
        element,
        field.hint ? h('p', { class: 'hint', id: `${element.id}-hint` }, field.hint) : null)),
      problem,
      h('div', { class: 'buttons' },
        h('button', { type: 'button', class: 'quiet', onclick: () => dialog.close() }, 'Back'), go)));
    document.body.append(dialog);
    dialog.showModal();
    inputs[0]?.[1].focus();
  });
}

/** Some things ask for a sign-in that is a short time ago. */
const again = () => ['Your sign-in is too long ago for this. ',
  h('a', { href: `/sign-in?again=true&return=${encodeURIComponent(location.pathname + location.search)}` }, 'Sign in again'), ', and repeat it.'];

function input(id, field) {
  const properties = {
    id: `${id}-${field.name}`,
    name: field.name,
    value: field.value ?? '',
    autocomplete: 'off',
    maxlength: 500,
    'aria-describedby': field.hint ? `${id}-${field.name}-hint` : null,
  };
  if (field.options) {
    const select = h('select', { ...properties, maxlength: null }, field.options.map(([value, text]) => h('option', { value }, text)));
    select.value = field.value ?? field.options[0][0];
    return select;
  }
  return field.type === 'line' ? h('input', { ...properties, type: 'text' }) : h('textarea', { ...properties, rows: 2 });
}

export const dialogIsOpen = () => document.querySelector('dialog[open]') !== null;
