// Elements are made here, and only here. Text comes in as text: nothing is ever read as markup.

const SVG = 'http://www.w3.org/2000/svg';

/** An element. Properties: class, dataset keys as data-…, on… handlers, everything else an attribute; null and false are left out. */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function s(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

export function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Puts new content in the place of the old; the focus, opened details and typed texts stay where they were. */
export function swap(container, ...nodes) {
  const keyOf = (element) => element.id || element.dataset?.key;
  const active = container.contains(document.activeElement) ? document.activeElement : null;
  const focused = active && keyOf(active);
  const open = new Set([...container.querySelectorAll('details[open]')].map(keyOf).filter(Boolean));
  const typed = new Map([...container.querySelectorAll('input[id], textarea[id], select[id]')].map((field) =>
    [field.id, field.type === 'checkbox' ? field.checked : field.value]));
  container.replaceChildren(...nodes);
  for (const details of container.querySelectorAll('details')) if (open.has(keyOf(details))) details.open = true;
  for (const field of container.querySelectorAll('input[id], textarea[id], select[id]')) {
    if (!typed.has(field.id)) continue;
    if (field.type === 'checkbox') field.checked = typed.get(field.id);
    else field.value = typed.get(field.id);
  }
  if (focused) {
    const again = [...container.querySelectorAll('[id], [data-key]')].find((element) => keyOf(element) === focused);
    again?.focus({ preventScroll: true });
  }
}
