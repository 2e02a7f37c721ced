// Brings the libraries of the page from node_modules, which `npm ci` fills by package-lock.json.
// `npm run vendor` copies them; the test compares.
import { copyFile, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const files = [
  "cytoscape/dist/cytoscape.min.js",
  "layout-base/layout-base.js",
  "cose-base/cose-base.js",
  "cytoscape-fcose/cytoscape-fcose.js",
  "cytoscape/LICENSE",
  "layout-base/LICENSE",
  "cose-base/LICENSE",
  "cytoscape-fcose/LICENSE",
];

// A file of a package, and where it is kept in this repository.
export const vendored = files.map((file) => {
  const parts = file.split("/");
  return { from: at(`node_modules/${file}`), to: at(`../../cli/assets/vendor/${parts[0]}/${parts.at(-1)}`) };
});

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { from, to } of vendored) {
    await mkdir(dirname(to), { recursive: true });
    await copyFile(from, to);
  }
}
