// Draws the graph of #data: search, selection, and which kinds are shown.
"use strict";

const { graph, labels, changes, colors, borders } = JSON.parse(document.getElementById("data").textContent);
const nodes = graph.nodes;
const roots = new Set(graph.functions.map((f) => f.node));
const users = nodes.map(() => []);
nodes.forEach((node, from) => node.refs.forEach((to) => users[to].push(from)));
// From here on, a layout that weighs every edge takes too long.
const LARGE = 400;
const LISTED = 200;

const place = (node) => (node.file ? (node.line ? `${node.file}:${node.line}` : node.file) : "");
const byId = (id) => document.getElementById(id);
const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

const shown = new Set(nodes.map((node) => node.kind));
// Packages that only packages need say little at first sight.
const ownOnly = nodes.length > LARGE && shown.delete("package");

const cy = cytoscape({
  container: byId("graph"),
  elements: [
    ...nodes.map((node, id) => ({
      data: { id: `n${id}`, node: id, label: labels[id], color: colors[node.kind] ?? "#fff" },
      classes: [node.kind, roots.has(id) ? "root" : "", changes[id] ?? ""].join(" "),
    })),
    ...nodes.flatMap((node, from) =>
      node.refs.filter((to) => to !== from).map((to) => ({ data: { id: `e${from}_${to}`, source: `n${from}`, target: `n${to}` } })),
    ),
  ],
  style: [
    { selector: "node", style: { label: "data(label)", "background-color": "data(color)", shape: "round-rectangle", width: "label", height: 18, padding: 4, "font-size": 11, "text-valign": "center", "min-zoomed-font-size": 7, "border-width": 1, "border-color": "#868e96", color: "#212529" } },
    { selector: "node.root", style: { "border-width": 3, "font-weight": "bold" } },
    { selector: "node.changed", style: { "border-width": 4, "border-color": borders.changed } },
    { selector: "node.added", style: { "border-width": 4, "border-color": borders.added } },
    { selector: "edge", style: { width: 1, "line-color": "#ced4da", "curve-style": nodes.length > LARGE ? "haystack" : "straight", "target-arrow-shape": "triangle", "target-arrow-color": "#ced4da", "arrow-scale": 0.8 } },
    { selector: ".faded", style: { opacity: 0.12 } },
    { selector: "edge.reaches", style: { "line-color": "#1c7ed6", "target-arrow-color": "#1c7ed6", width: 2 } },
    { selector: "edge.reached", style: { "line-color": "#e8590c", "target-arrow-color": "#e8590c", width: 2 } },
    { selector: "node.selected", style: { "border-width": 4, "border-color": "#1864ab" } },
    { selector: ".gone", style: { display: "none" } },
  ],
  wheelSensitivity: 0.3,
  hideEdgesOnViewport: nodes.length > LARGE,
  textureOnViewport: nodes.length > LARGE,
  minZoom: 0.02,
  maxZoom: 4,
});

// Everything that follows `next` from a node, itself not counted.
function follow(start, next) {
  const seen = new Set([start]);
  const queue = [start];
  for (const node of queue) {
    for (const to of next(node)) {
      if (!seen.has(to)) {
        seen.add(to);
        queue.push(to);
      }
    }
  }
  seen.delete(start);
  return seen;
}

const byPath = (a, b) => nodes[a].path.localeCompare(nodes[b].path);

function entry(id) {
  const node = nodes[id];
  const box = make("span", { className: "kind", title: node.kind });
  box.style.background = colors[node.kind];
  const button = make("button", { type: "button", title: place(node) }, box, node.path);
  button.dataset.node = id;
  button.addEventListener("click", () => select(id));
  return make("li", {}, button);
}

function list(title, ids, className) {
  const sorted = [...ids].sort(byPath);
  const items = sorted.slice(0, LISTED).map(entry);
  if (sorted.length > LISTED) items.push(make("li", { className: "more" }, `and ${sorted.length - LISTED} more`));
  return [make("h3", {}, `${title} (${sorted.length})`), make("ul", { className }, ...items)];
}

function select(id) {
  const node = nodes[id];
  if (!shown.has(node.kind)) show(node.kind, true);
  const reaches = follow(id, (from) => nodes[from].refs);
  const reached = follow(id, (to) => users[to]);
  cy.batch(() => {
    cy.elements().removeClass("selected reaches reached").addClass("faded");
    const mark = (ids, name) => {
      const within = cy.collection([...ids].map((other) => cy.getElementById(`n${other}`))).union(cy.getElementById(`n${id}`));
      within.removeClass("faded");
      within.edgesWith(within).removeClass("faded").addClass(name);
    };
    mark(reached, "reached");
    mark(reaches, "reaches");
    cy.getElementById(`n${id}`).addClass("selected");
  });
  const details = byId("details");
  details.dataset.node = id;
  const state = changes[id] ? [make("p", {}, `Against what is stored: ${changes[id]}`)] : [];
  const function_ = graph.functions.find((f) => f.node === id);
  details.replaceChildren(
    make("h2", {}, node.path),
    make("p", {}, [node.kind, function_?.marked ? "marked" : "", node.whole ? "counts with all its text" : ""].filter(Boolean).join(", ")),
    make("p", {}, make("code", { className: "place" }, place(node))),
    make("p", {}, "hash ", make("code", {}, node.hash.slice(0, 12)), function_ ? `, fingerprint ` : "", function_ ? make("code", {}, function_.fingerprint.slice(0, 12)) : ""),
    ...state,
    ...list("Reaches", reaches, "reaches"),
    ...list("Reached by", reached, "reached"),
  );
  details.scrollTop = 0;
  const target = cy.getElementById(`n${id}`);
  const box = target.renderedBoundingBox();
  const inside = box.x1 > 0 && box.y1 > 0 && box.x2 < cy.width() && box.y2 < cy.height();
  if (!inside || cy.zoom() < 0.4) cy.animate({ center: { eles: target }, zoom: Math.max(cy.zoom(), 0.8), duration: 200 });
}

function clear() {
  cy.elements().removeClass("faded selected reaches reached");
  delete byId("details").dataset.node;
  byId("details").replaceChildren(
    make("p", {}, "Click a node to see where it is, what it reaches and what reaches it."),
    ...list("Functions", roots, "roots"),
  );
}

function search(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (node) => words.every((word) => node.path.toLowerCase().includes(word) || place(node).toLowerCase().includes(word));
  const ids = words.length ? nodes.map((_, id) => id).filter((id) => matches(nodes[id])).sort(byPath) : [];
  const found = byId("found");
  found.hidden = words.length === 0;
  const items = ids.slice(0, LISTED).map(entry);
  if (ids.length > LISTED) items.push(make("li", { className: "more" }, `and ${ids.length - LISTED} more`));
  found.replaceChildren(...(ids.length ? items : [make("li", { className: "more" }, "nothing of this name")]));
  return ids;
}

function arrange() {
  const visible = cy.elements().not(".gone");
  const large = visible.nodes().length > LARGE;
  visible.layout({ name: "fcose", animate: false, randomize: true, quality: large ? "draft" : "default", nodeDimensionsIncludeLabels: true, nodeSeparation: large ? 200 : 110, idealEdgeLength: 90, packComponents: false }).run();
  cy.fit(visible, 30);
}

function show(kind, on) {
  if (on) shown.add(kind);
  else shown.delete(kind);
  cy.nodes().filter((node) => node.hasClass(kind)).toggleClass("gone", !on);
  const box = document.querySelector(`#kinds input[value="${kind}"]`);
  if (box) box.checked = on;
}

const counts = new Map();
nodes.forEach((node) => counts.set(node.kind, (counts.get(node.kind) ?? 0) + 1));
for (const kind of Object.keys(colors).filter((kind) => counts.has(kind))) {
  const box = make("input", { type: "checkbox", value: kind, checked: shown.has(kind) });
  box.addEventListener("change", () => {
    show(kind, box.checked);
    arrange();
  });
  const color = make("span", { className: "kind" });
  color.style.background = colors[kind];
  byId("kinds").append(make("label", {}, box, color, `${kind} ${counts.get(kind)}`));
}
if (ownOnly) cy.nodes(".package").addClass("gone");
if (changes.length) {
  const count = (state) => changes.filter((change) => change === state).length;
  byId("changes").hidden = false;
  byId("changes").textContent = `Against what is stored: ${count("changed")} changed, ${count("added")} added`;
}
byId("counts").textContent = `Functions: ${graph.functions.length}. Items, packages and files: ${nodes.length}.`;
byId("search").addEventListener("input", (event) => search(event.target.value));
byId("search").addEventListener("keydown", (event) => {
  const [first] = event.key === "Enter" ? search(event.target.value) : [];
  if (first !== undefined) select(first);
});
byId("fit").addEventListener("click", () => cy.fit(cy.elements().not(".gone"), 30));
byId("arrange").addEventListener("click", arrange);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") clear();
});
cy.on("tap", "node", (event) => select(event.target.data("node")));
cy.on("tap", (event) => {
  if (event.target === cy) clear();
});
clear();
arrange();
// For tests: where a node is on the page.
window.pagePosition = (id) => cy.getElementById(`n${id}`).renderedPosition();
document.body.dataset.ready = "true";
