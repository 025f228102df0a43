// The map of sites: points are loaded once and now and then again, standings every ten seconds; the list beside it shows
// the same to those who do not use the map.

(function () {
  "use strict";

  const POINTS_AGAIN = 5 * 60 * 1000;
  const STANDINGS_AGAIN = 10 * 1000;
  const MOST_LISTED = 200;

  const holder = document.getElementById("map");
  const words = document.getElementById("map-words").dataset;
  const legend = document.getElementById("legend");
  const list = document.getElementById("site-list");
  const find = document.getElementById("find");
  const told = document.getElementById("told");
  const stale = document.getElementById("stale");

  /* By urgency, as the legend has them. */
  const order = [...legend.querySelectorAll("input")].map((input) => input.value);
  const urgency = new Map(order.map((name, place) => [name, place]));
  const kinds = new Map(
    [...legend.querySelectorAll("label")].map((label) => [
      label.querySelector("input").value,
      { label, shape: label.querySelector(".pin").textContent, words: label.querySelector("span").textContent },
    ]),
  );

  const sites = new Map();
  const divisions = {};
  let special = new Map();
  let placed = false;
  let lastGood = null;
  let cut = false;

  for (const part of [holder, legend, find]) part.hidden = false;
  document.getElementById("pages").hidden = true;

  const map = L.map(holder, { center: [35, 105], zoom: 4, minZoom: 3, maxZoom: 18, worldCopyJump: false, zoomControl: false });
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.attributionControl.setPrefix(false);
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(holder);
  const plain = document.createElement("i");
  const safe = (text) => ((plain.textContent = text), plain.innerHTML);
  let ground = null;
  if (holder.dataset.tiles) {
    L.tileLayer(holder.dataset.tiles, { maxZoom: 18, attribution: safe(holder.dataset.attribution || "") }).addTo(map);
  } else {
    ground = window.plainGround(map);
    map.attributionControl.addAttribution(safe(words.ground));
  }

  const icon = (name, size) =>
    L.divIcon({ className: `map-pin s-${name}`, html: `<i class="pin">${safe(kinds.get(name).shape)}</i>`, iconSize: [size, size] });
  const icons = new Map(order.map((name) => [name, icon(name, 24)]));

  const most = (cluster) =>
    cluster.getAllChildMarkers().reduce((worst, marker) => Math.min(worst, urgency.get(marker.site.standing)), order.length - 1);

  const clusters = L.markerClusterGroup({
    chunkedLoading: true,
    maxClusterRadius: 56,
    showCoverageOnHover: false,
    animate: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    iconCreateFunction(cluster) {
      const name = order[most(cluster)];
      const count = cluster.getChildCount();
      const html = `<i class="pin">${safe(kinds.get(name).shape)}</i><b>${count}</b>`;
      return L.divIcon({ className: `map-cluster s-${name}`, html, iconSize: [54, 30] });
    },
  }).addTo(map);
  const ring = L.circleMarker([0, 0], { radius: 20, className: "map-ring", interactive: false });

  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const pageOf = (site) => holder.dataset.site.replace("/0/", `/${site.id}/`);
  const chosen = () => new Set([...legend.querySelectorAll("input:checked")].map((input) => input.value));

  function markerOf(site) {
    if (site.marker) return site.marker;
    site.marker = L.marker(site.where, { icon: icons.get(site.standing), title: titleOf(site), riseOnHover: true });
    site.marker.site = site;
    site.marker.on("click", () => location.assign(pageOf(site)));
    return site.marker;
  }

  const titleOf = (site) => `${site.name} · ${kinds.get(site.standing).words}`;

  function matches(site, allowed, text) {
    return allowed.has(site.standing) && (!text || site.name.toLowerCase().includes(text));
  }

  /* The marks that the filter lets through; only what differs is touched. */
  function showMarks() {
    const allowed = chosen();
    const text = find.value.trim().toLowerCase();
    const add = [];
    const remove = [];
    for (const site of sites.values()) {
      if (!site.where) continue;
      const wanted = matches(site, allowed, text);
      if (wanted === site.shown) continue;
      (wanted ? add : remove).push(markerOf(site));
      site.shown = wanted;
    }
    if (remove.length > 2000) {
      clusters.clearLayers();
      clusters.addLayers([...sites.values()].filter((site) => site.shown).map(markerOf));
    } else {
      clusters.removeLayers(remove);
      clusters.addLayers(add);
    }
    showList();
  }

  function showCounts() {
    const counts = new Map(order.map((name) => [name, 0]));
    for (const site of sites.values()) counts.set(site.standing, counts.get(site.standing) + 1);
    for (const [name, { label }] of kinds) {
      label.querySelector("[data-count]").textContent = counts.get(name);
      label.hidden = counts.get(name) === 0;
    }
  }

  function showList() {
    const allowed = chosen();
    const text = find.value.trim().toLowerCase();
    const seen = map.getBounds();
    const found = [...sites.values()].filter(
      (site) => matches(site, allowed, text) && (!site.where || text || seen.contains(site.where)),
    );
    found.sort((one, other) => urgency.get(one.standing) - urgency.get(other.standing) || one.id - other.id);
    const focused = document.activeElement?.dataset?.site;
    list.replaceChildren(...found.slice(0, MOST_LISTED).map(lineOf));
    if (focused) list.querySelector(`[data-site="${focused}"]`)?.focus();
    if (!found.length) list.append(Object.assign(document.createElement("li"), { className: "none", textContent: sites.size ? words.none : words.nothing }));
    const listed = Math.min(found.length, MOST_LISTED);
    told.textContent = filled(found.length > listed ? words.listed : words.shown, { count: found.length, listed }) + (cut ? ` ${words.cut}` : "");
  }

  function lineOf(site) {
    const kind = kinds.get(site.standing);
    const line = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { href: pageOf(site) });
    link.dataset.site = site.id;
    const mark = Object.assign(document.createElement("span"), { className: `s-${site.standing}` });
    const shape = Object.assign(document.createElement("i"), { className: "pin", textContent: kind.shape });
    shape.setAttribute("aria-hidden", "true");
    mark.append(shape);
    const name = Object.assign(document.createElement("span"), { className: "map-name", textContent: site.name });
    const place = site.where ? (divisions[site.division] || []).join("") : words.unplaced;
    name.append(Object.assign(document.createElement("span"), { className: "small soft", textContent: [kind.words, place].filter(Boolean).join(" · ") }));
    link.append(mark, name);
    link.addEventListener("focus", () => point(site));
    link.addEventListener("mouseenter", () => point(site));
    link.addEventListener("mouseleave", () => ring.remove());
    link.addEventListener("blur", () => ring.remove());
    line.append(link);
    return line;
  }

  function point(site) {
    if (site.where) ring.setLatLng(site.where).addTo(map);
  }

  /* What the standings say of all sites. */
  function stand() {
    const changed = [];
    for (const site of sites.values()) {
      const standing = special.get(site.id) || site.armed;
      if (standing === site.standing) continue;
      site.standing = standing;
      if (!site.marker) continue;
      site.marker.setIcon(icons.get(standing));
      site.marker.options.title = titleOf(site);
      if (site.shown) changed.push(site.marker);
    }
    if (changed.length) clusters.refreshClusters(changed);
    showCounts();
    showMarks();
  }

  async function read(address) {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  async function readPoints() {
    const here = new Set();
    let after = 0;
    do {
      const page = await read(`${holder.dataset.points}?after=${after}`);
      Object.assign(divisions, page.divisions);
      for (const [id, name, east, north, division, armed] of page.sites) {
        here.add(id);
        const where = east === null ? null : L.latLng(north, east);
        const known = sites.get(id);
        if (known && known.where && where && !known.where.equals(where)) known.marker?.setLatLng(where);
        if (known && Boolean(known.where) === Boolean(where)) Object.assign(known, { name, where, division, armed });
        else {
          if (known?.shown) clusters.removeLayer(known.marker);
          sites.set(id, { id, name, where, division, armed, standing: special.get(id) || armed, shown: false, marker: null });
        }
      }
      after = page.next;
      if (!placed) told.textContent = filled(words.loading, { count: sites.size });
    } while (after !== null);
    for (const site of [...sites.values()]) {
      if (here.has(site.id)) continue;
      if (site.shown) clusters.removeLayer(site.marker);
      sites.delete(site.id);
    }
    ground?.name(sites.values(), divisions);
  }

  async function readStandings() {
    const answer = await read(holder.dataset.standings);
    special = new Map(Object.entries(answer.standings).flatMap(([name, ids]) => ids.map((id) => [id, name])));
    cut = answer.cut;
  }

  async function refresh(readers) {
    if (document.hidden) return;
    try {
      for (const reader of readers) await reader();
      lastGood = new Date();
      stale.hidden = true;
      stand();
    } catch {
      stale.textContent = filled(words.stale, { time: lastGood ? lastGood.toLocaleTimeString("zh-CN", { hour12: false }) : "—" });
      stale.hidden = false;
    }
  }

  /* Never two at a time: a slow answer is waited for. */
  function again(readers, after) {
    setTimeout(async () => {
      await refresh(readers);
      again(readers, after);
    }, after);
  }

  async function begin() {
    await refresh([readStandings, readPoints]);
    const located = [...sites.values()].filter((site) => site.where).map((site) => site.where);
    if (located.length) map.fitBounds(L.latLngBounds(located), { padding: [40, 40], maxZoom: 14, animate: false });
    showAsked();
    placed = true;
    showList();
    again([readStandings], STANDINGS_AGAIN);
    again([readStandings, readPoints], POINTS_AGAIN);
  }

  /* Whoever comes from the page of a site looks there first. */
  function showAsked() {
    const asked = sites.get(Number(new URLSearchParams(location.search).get("site")));
    if (!asked?.where) return;
    map.setView(asked.where, 16, { animate: false });
    point(asked);
  }

  let typing = null;
  find.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(showMarks, 200);
  });
  legend.addEventListener("change", showMarks);
  document.getElementById("everything").addEventListener("click", () => {
    for (const input of legend.querySelectorAll("input")) input.checked = true;
    find.value = "";
    showMarks();
  });
  map.on("moveend", showList);
  document.addEventListener("visibilitychange", () => document.hidden || refresh([readStandings]));
  begin();
})();
