// Reads ESC/POS from stdin with npm npos, whose authors never saw our driver, and writes what it understood as JSON:
// {"commands": [{"name", "offset", "length"}], "rasters": [{"width", "rows": ["0110…"]}]}. It fails on a command that it does not know.
import { createRequire } from "node:module";

const load = createRequire(import.meta.url);
const rules = load("npos/lib/parser/rules");
const parser = load("npos/lib/parser/index");
const raster = load("npos/lib/codecs/raster");
const { GS, FS } = load("npos/lib/parser/symbols");

// What npos lacks: GS ( k, FS ( A, FS ( C, each with a length of two bytes and so much data.
rules[GS]["(k"] = [0, "d16"];
rules[FS]["(A"] = [0, "d16"];
rules[FS]["(C"] = [0, "d16"];

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const bytes = Buffer.concat(chunks);
const { error, tree } = parser(rules).analyze(bytes);
if (error) throw error;

// Text has no name here; a command's is as in the manuals: ESC @, GS v0.
const commands = tree.map(({ code, ascii, fn, offset, length }) => ({ name: code === 2 ? "" : fn === undefined ? ascii : `${ascii} ${fn}`, offset, length }));
const rasters = tree.filter((n) => n.code === GS && n.fn?.startsWith("v0")).map((n) => {
  const at = { offset: n.offset };
  const image = raster.decode(bytes, [at]);
  const rows = Array.from({ length: at.height }, (_, y) => Array.from({ length: at.width }, (_, x) => (image.getPixel(x, y) === 0 ? 1 : 0)).join(""));
  return { width: at.width, rows };
});
process.stdout.write(JSON.stringify({ commands, rasters }));
