// Shows the OpenAPI document: each route with its parameters, body, answers and refusals.
const routes = document.getElementById("routes");
const find = document.getElementById("find");

function make(name, text, ...children) {
  const element = document.createElement(name);
  if (text) { element.textContent = text; }
  element.append(...children);
  return element;
}

function table(rows) {
  return make("table", "", make("tbody", "", ...rows.map(([head, text]) =>
    make("tr", "", Object.assign(make("th", head), { scope: "row" }), make("td", text)))));
}

// An example of the schema's form: names and types, not values.
function shape(schema, all, depth = 0) {
  if (schema === true || schema === undefined || depth > 6) { return "…"; }
  if (schema.$ref) {
    const [name, ...path] = schema.$ref.replace("#/components/schemas/", "").split("/");
    const target = path.reduce((part, step) => part?.[step], all[name]);
    return shape(target, all, depth + 1);
  }
  if (schema.enum) { return schema.enum.filter(word => word !== null).join(" | "); }
  const type = [schema.type].flat().filter(word => word !== "null")[0];
  if (type === "array") { return [shape(schema.items, all, depth + 1)]; }
  if (schema.properties) {
    return Object.fromEntries(Object.entries(schema.properties).map(([name, part]) => [name, shape(part, all, depth + 1)]));
  }
  return type ?? "…";
}

function operation(method, path, doc, all) {
  const inside = Object.assign(make("div"), { className: "inside" });
  if (doc.description) { inside.append(make("p", doc.description)); }
  if (doc.parameters) {
    inside.append(make("h3", "Parameters"), table(doc.parameters.map(one =>
      [`${one.name} (${one.in})`, [one.description, one.schema.enum?.join(" | ")].filter(Boolean).join(" ")])));
  }
  const json = content => JSON.stringify(shape(content["application/json"].schema, all), null, 2);
  if (doc.requestBody) { inside.append(make("h3", "Body"), make("pre", json(doc.requestBody.content))); }
  for (const [status, answer] of Object.entries(doc.responses)) {
    if (answer.content["application/json"]) { inside.append(make("h3", `Answer ${status}`), make("pre", json(answer.content))); }
  }
  inside.append(make("h3", "Refusals"), table(Object.entries(doc.responses)
    .filter(([, answer]) => answer.content["application/problem+json"])
    .map(([status, answer]) => [status, answer.content["application/problem+json"].schema.allOf[1].properties.code.enum.join(", ")])));
  for (const block of inside.querySelectorAll("pre")) { block.tabIndex = 0; }
  const details = make("details", "", make("summary", "", make("code", `${method.toUpperCase()} ${path}`), make("span", doc.summary)), inside);
  details.dataset.text = `${method} ${path} ${doc.summary}`.toLowerCase();
  return details;
}

const answer = await fetch("/openapi/v1.json");
const { paths, components } = await answer.json();
routes.replaceChildren(...Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, doc]) => operation(method, path, doc, components.schemas))));
find.addEventListener("input", () => {
  for (const one of routes.children) { one.hidden = !one.dataset.text.includes(find.value.trim().toLowerCase()); }
});
