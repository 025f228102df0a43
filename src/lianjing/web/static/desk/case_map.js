/* Where the site is: a small map beside the case, drawn once each time a case is opened. */
(function () {
  "use strict";

  const ZOOM = 15;
  let drawn = null;

  const safe = (text) => Object.assign(document.createElement("i"), { textContent: text }).innerHTML;

  function draw() {
    const holder = document.getElementById("case-map");
    if (!holder || holder === drawn || !window.L) return;
    drawn = holder;
    const where = [Number(holder.dataset.north), Number(holder.dataset.east)];
    const map = L.map(holder, {
      center: where,
      zoom: ZOOM,
      zoomControl: false,
      keyboard: false,
      scrollWheelZoom: false,
      fadeAnimation: false,
      zoomAnimation: false,
      markerZoomAnimation: false,
    });
    map.attributionControl.setPrefix(false);
    L.control.scale({ imperial: false }).addTo(map);
    if (holder.dataset.tiles) {
      L.tileLayer(holder.dataset.tiles, { maxZoom: 18, attribution: safe(holder.dataset.attribution || "") }).addTo(map);
    } else {
      window.plainGround(map);
    }
    const pin = `<i class="pin">◆</i><b>${safe(holder.dataset.name)}</b>`;
    L.marker(where, {
      icon: L.divIcon({ className: "case-pin", html: pin, iconSize: [20, 20] }),
      interactive: false,
      keyboard: false,
    }).addTo(map);
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(holder);
  }

  document.addEventListener("htmx:afterSettle", draw);
  document.addEventListener("htmx:historyRestore", draw);
  draw();
})();
