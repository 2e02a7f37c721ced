// Opens the page in Chromium as a reader would: looks, searches, clicks, reads.
// CHECKPOINT names the program; SCREENSHOTS a folder for pictures to look at.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { vendored } from "./vendor.mjs";

const program = process.env.CHECKPOINT ?? new URL("../../target/debug/cargo-checkpoint", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "checkpoint-page-"));
let browser;

before(async () => {
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

function packageOf(name, source) {
  const root = join(folder, name);
  mkdirSync(join(root, "src"), { recursive: true });
  writeFileSync(join(root, "Cargo.toml"), `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2024"\n\n[workspace]\n`);
  writeFileSync(join(root, "src/lib.rs"), source);
  return join(root, "Cargo.toml");
}

function write(name, manifest, ...options) {
  const path = join(folder, `${name}.html`);
  execFileSync(program, ["graph", ...options, "--format", "html", "--output", path, "--manifest-path", manifest, "--quiet"]);
  return path;
}

async function open(path) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const problems = [];
  const requests = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(path).href);
  await page.locator("body[data-ready]").waitFor({ timeout: 60_000 });
  return { page, problems, requests };
}

async function picture(page, name) {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
}

const names = (page, list) => page.locator(`#details ul.${list} button`).allTextContents();

const SOURCE = `
const RATE: f64 = 0.5;
pub struct Model { pub weight: f64 }
impl Model { pub fn fit(&self, x: f64) -> f64 { scale(x) * self.weight } }
fn scale(x: f64) -> f64 { x * RATE }
/// checkpoint
pub fn train(x: f64) -> f64 { Model { weight: 2.0 }.fit(x) }
/// checkpoint
pub fn load(x: f64) -> f64 { scale(x) }
pub fn other() {}
`;

test("the libraries are those of the registry's packages", () => {
  for (const { from, to } of vendored) assert.ok(readFileSync(from).equals(readFileSync(to)), `${to} differs: npm run vendor`);
});

test("the page shows, finds and follows what functions reach, and asks nothing of the network", async () => {
  const path = write("small", packageOf("small", SOURCE));
  const { page, problems, requests } = await open(path);
  assert.match(await page.title(), /^small/);
  assert.deepEqual(await names(page, "roots"), ["small::load", "small::train"]);
  await picture(page, "small");

  // Search, by a part of the name; Enter takes the first.
  await page.fill("#search", "scal");
  assert.deepEqual(await page.locator("#found button").allTextContents(), ["small::scale"]);
  await page.press("#search", "Enter");
  assert.equal(await page.locator("#details h2").textContent(), "small::scale");
  assert.equal(await page.locator("#details .place").textContent(), "src/lib.rs:5");
  assert.deepEqual(await names(page, "reaches"), ["small::RATE"]);
  assert.deepEqual((await names(page, "reached")).filter((name) => !name.includes("Model")), ["small::load", "small::train"]);

  // A click in the drawing, where the node is drawn.
  const train = await page.evaluate(() => window.pagePosition(graph.nodes.findIndex((node) => node.path === "small::train")));
  await page.locator("#graph").click({ position: train });
  assert.equal(await page.locator("#details h2").textContent(), "small::train");
  const reaches = await names(page, "reaches");
  for (const name of ["small::Model", "small::Model::fit", "small::scale", "small::RATE"]) assert.ok(reaches.includes(name), name);
  assert.deepEqual(await names(page, "reached"), []);
  await picture(page, "small-train");

  // A name in a list leads on; Escape leads back.
  await page.locator("#details ul.reaches button", { hasText: "small::RATE" }).click();
  assert.equal(await page.locator("#details .place").textContent(), "src/lib.rs:2");
  await page.keyboard.press("Escape");
  assert.deepEqual(await names(page, "roots"), ["small::load", "small::train"]);

  // A kind can be left out.
  await page.locator('#kinds input[value="const"]').uncheck();
  assert.equal(await page.evaluate(() => cy.nodes(".const").every((node) => !node.visible())), true);
  await page.fill("#search", "no such thing");
  assert.match(await page.locator("#found").textContent(), /nothing of this name/);
  assert.deepEqual(problems, []);
  assert.deepEqual(requests.filter((url) => !url.startsWith("file:") && !url.startsWith("data:")), []);
  await page.close();
});

test("a page with 2,000 nodes is drawn, searched and followed within seconds", async () => {
  const lines = ["/// checkpoint\npub fn f0() -> u64 { f1() + f2() }"];
  for (let n = 1; n < 2000; n++) {
    const calls = [2 * n + 1, 2 * n + 2, (n * 7) % 50 + n + 1].filter((to) => to < 2000);
    lines.push(`pub fn f${n}() -> u64 { ${[`${n}`, ...calls.map((to) => `f${to}()`)].join(" + ")} }`);
  }
  const path = write("large", packageOf("large", lines.join("\n")));
  const start = Date.now();
  const { page, problems } = await open(path);
  const drawn = Date.now() - start;
  assert.equal(await page.evaluate(() => cy.nodes().length), 2000);
  const spread = await page.evaluate(() => new Set(cy.nodes().map((node) => `${Math.round(node.position("x"))},${Math.round(node.position("y"))}`)).size);
  assert.ok(spread > 1800, `${spread} of 2,000 nodes stand apart`);
  await picture(page, "large");
  const before = Date.now();
  await page.fill("#search", "f1234");
  await page.press("#search", "Enter");
  assert.equal(await page.locator("#details h2").textContent(), "large::f1234");
  assert.ok((await names(page, "reached")).includes("large::f0"));
  const selected = Date.now() - before;
  await page.waitForTimeout(400);
  await picture(page, "large-f1234");
  console.log(`2,000 nodes: drawn in ${drawn} ms, searched and selected in ${selected} ms`);
  assert.ok(drawn < 20_000 && selected < 5_000, `${drawn} ms, ${selected} ms`);
  assert.deepEqual(problems, []);
  await page.close();
});
