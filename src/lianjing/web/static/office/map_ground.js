// The ground of the map where there are no tiles: lines of longitude and latitude, and names of the divisions in which
// there are sites, each where they are. It says nothing about borders (docs/decisions/0014).

const MOST_NAMES = 40;
const STEPS = [30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];

window.plainGround = function plainGround(map) {
  const lines = L.layerGroup().addTo(map);
  const names = L.layerGroup().addTo(map);
  let places = [];

  const label = (text, where, className) =>
    L.marker(where, { icon: L.divIcon({ className, html: text, iconSize: null }), interactive: false, keyboard: false });

  /* So wide that about six lines cross the screen. */
  function step() {
    const bounds = map.getBounds();
    const span = Math.min(bounds.getEast() - bounds.getWest(), bounds.getNorth() - bounds.getSouth());
    return STEPS.find((one) => span / one >= 3) || STEPS[STEPS.length - 1];
  }

  const degrees = (value, positive, negative) => `${Math.abs(Number(value.toFixed(3)))}°${value < 0 ? negative : positive}`;

  function drawLines() {
    lines.clearLayers();
    const wide = step();
    const seen = map.getBounds().pad(0.2);
    const [west, east] = [Math.max(-180, seen.getWest()), Math.min(180, seen.getEast())];
    const [south, north] = [Math.max(-85, seen.getSouth()), Math.min(85, seen.getNorth())];
    const corner = map.getBounds();
    const style = { className: "ground-line", weight: 1, interactive: false };
    for (let at = Math.ceil(west / wide) * wide; at <= east; at += wide) {
      L.polyline([[south, at], [north, at]], style).addTo(lines);
      lines.addLayer(label(degrees(at, "E", "W"), [corner.getSouth(), at], "ground-degree across"));
    }
    for (let at = Math.ceil(south / wide) * wide; at <= north; at += wide) {
      L.polyline([[at, west], [at, east]], style).addTo(lines);
      lines.addLayer(label(degrees(at, "N", "S"), [at, corner.getWest()], "ground-degree"));
    }
  }

  /* Cities from afar, districts from near; no two on one another. */
  function drawNames() {
    names.clearLayers();
    const near = map.getZoom() >= 10;
    const seen = map.getBounds();
    const taken = new Set();
    let drawn = 0;
    for (const place of near ? places.districts || [] : places.cities || []) {
      if (drawn >= MOST_NAMES) break;
      if (!seen.contains(place.where)) continue;
      const at = map.latLngToContainerPoint(place.where);
      const cells = [-1, 0, 1].map((side) => `${Math.round(at.x / 60) + side}:${Math.round(at.y / 26)}`);
      if (cells.some((cell) => taken.has(cell))) continue;
      cells.forEach((cell) => taken.add(cell));
      names.addLayer(label(place.name, place.where, "ground-name"));
      drawn += 1;
    }
  }

  function draw() {
    drawLines();
    drawNames();
  }

  /* Means of the positions of the sites, by division; the one with most sites first. */
  function gather(sites, nameOf, codeOf) {
    const sums = new Map();
    for (const site of sites) {
      const name = site.where && site.division && nameOf(site.division);
      if (!name) continue;
      const sum = sums.get(codeOf(site.division)) || { name, count: 0, east: 0, north: 0 };
      sum.count += 1;
      sum.east += site.where.lng;
      sum.north += site.where.lat;
      sums.set(codeOf(site.division), sum);
    }
    const found = [...sums.values()].sort((one, other) => other.count - one.count);
    return found.map((sum) => ({ name: escaped(sum.name), where: L.latLng(sum.north / sum.count, sum.east / sum.count) }));
  }

  const escaped = (text) => Object.assign(document.createElement("i"), { textContent: text }).innerHTML;

  map.on("moveend resize", draw);
  draw();
  return {
    name(sites, divisions) {
      places = {
        cities: gather(sites, (code) => (divisions[code] || [])[0], (code) => code.slice(0, 4)),
        districts: gather(sites, (code) => (divisions[code] || [])[1], (code) => code),
      };
      drawNames();
    },
  };
};
