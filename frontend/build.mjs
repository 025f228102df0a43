// Copies the shipped browser libraries and their licences from node_modules into the repository.
// `--check` changes nothing and fails when a shipped copy differs from the locked package.
import { chmod, copyFile, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

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
