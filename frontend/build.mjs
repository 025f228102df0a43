// Copies the shipped browser libraries and their licences from node_modules into the repository; of ECharts, which is
// large, it bundles the few parts that echarts.js names.
// `--check` changes nothing and fails when a shipped copy differs from the locked package.
import { chmod, copyFile, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const vendor = join(here, "..", "src", "lianjing", "web", "static", "vendor");

const shipped = [
  ["htmx.org/dist/htmx.min.js", "htmx.min.js"],
  ["htmx.org/LICENSE", "htmx.LICENSE.txt"],
  ["leaflet/dist/leaflet.js", "leaflet.js"],
  ["leaflet/dist/leaflet.css", "leaflet.css"],
  ["leaflet/LICENSE", "leaflet.LICENSE.txt"],
  ["leaflet.markercluster/dist/leaflet.markercluster.js", "leaflet.markercluster.js"],
  ["leaflet.markercluster/dist/MarkerCluster.css", "leaflet.markercluster.css"],
  ["leaflet.markercluster/MIT-LICENCE.txt", "leaflet.markercluster.LICENSE.txt"],
  ["echarts/LICENSE", "echarts.LICENSE.txt"],
  ["echarts/NOTICE", "echarts.NOTICE.txt"],
  ["zrender/LICENSE", "zrender.LICENSE.txt"],
];

async function same(left, right) {
  try {
    return Buffer.compare(await readFile(left), await readFile(right)) === 0;
  } catch {
    return false;
  }
}

const checking = process.argv.includes("--check");
await mkdir(vendor, { recursive: true });
const bundle = join(here, "node_modules", ".echarts.min.js");
await build({
  entryPoints: [join(here, "echarts.js")],
  outfile: bundle,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  charset: "utf8",
  legalComments: "inline",
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "error",
});
shipped.push([".echarts.min.js", "echarts.min.js"]);

for (const [from, to] of shipped) {
  const source = join(here, "node_modules", from);
  const target = join(vendor, to);
  if (await same(source, target)) continue;
  if (checking) {
    console.error(`${to} differs from the locked package: run npm run build`);
    process.exitCode = 1;
  } else {
    await copyFile(source, target);
    await chmod(target, 0o644);
    console.log(`copied ${to}`);
  }
}
