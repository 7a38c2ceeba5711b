/* What every map shares: streets, names, points, lines, areas, pop-ups, layers, finding a place.
   All text comes from the page's data and reaches the page as text, never as HTML. */
var Atlas = (function () {
  "use strict";

  function element(tag, className, text) {
    var node = document.createElement(tag);
    if (className) { node.className = className; }
    if (text !== undefined && text !== null) { node.textContent = text; }
    return node;
  }

  function unpack(packed, Kind) {
    var raw = atob(packed), bytes = new Uint8Array(raw.length);
    for (var i = 0; i < raw.length; i++) { bytes[i] = raw.charCodeAt(i); }
    return new Kind(bytes.buffer);
  }

  function courses(columns) {
    var starts = unpack(columns.starts, Int32Array), counts = unpack(columns.counts, Int32Array);
    var steps = unpack(columns.steps, Int16Array), lines = [], at = 0;
    for (var i = 0; i < counts.length; i++) {
      var x = starts[2 * i], y = starts[2 * i + 1], line = [[y / 1e5, x / 1e5]];
      for (var k = 1; k < counts[i]; k++, at++) {
        x += steps[2 * at]; y += steps[2 * at + 1];
        line.push([y / 1e5, x / 1e5]);
      }
      lines.push(line);
    }
    return lines;
  }

  function pane(map, name, z, still) {
    var made = map.createPane(name);
    made.style.zIndex = z;
    if (still) { made.style.pointerEvents = "none"; }
    return made;
  }

  /* ---- streets ---- */
  var GROUND = [
    { from: 0, width: 3.4, fill: "#e3d3aa", edge: "#a8986f" }, { from: 0, width: 3.0, fill: "#fff", edge: "#b3ab9b" },
    { from: 0, width: 2.6, fill: "#fff", edge: "#b9b2a4" }, { from: 0, width: 1.8, fill: "#fff", edge: "#c6c0b4" },
    { from: 12, width: 1.3, fill: "#fff", edge: "#d0cbc0" }, { from: 13, width: 0.9, fill: "#dcd7cc" },
    { from: 14.5, width: 0.8, fill: "#e2ded5" }, { from: 15.5, width: 0.7, fill: "#e2ded5" }
  ];

  function drawStreets(map, base, over) {
    pane(map, "streets", over ? 350 : 220, true);
    var renderer = L.canvas({ pane: "streets", padding: 0.25 }), drawn = [];
    base.lines.slice().reverse().forEach(function (part) {
      var look = GROUND[part.rank], line = courses(part);
      var common = { pane: "streets", renderer: renderer, interactive: false, smoothFactor: 1, lineCap: "round", lineJoin: "round" };
      if (over && look.edge) { drawn.push({ look: look, edge: true, line: L.polyline(line, L.extend({ color: "#fff", opacity: 0.3 }, common)) }); }
      if (!over && look.edge) { drawn.push({ look: look, edge: true, line: L.polyline(line, L.extend({ color: look.edge }, common)) }); }
      drawn.push({ look: look, edge: false, line: L.polyline(line, L.extend(over ? { color: "#2b2b2b", opacity: 0.5 } : { color: look.fill }, common)) });
    });
    drawn.sort(function (a, b) { return (b.edge ? 1 : 0) - (a.edge ? 1 : 0); });
    function restyle() {
      var zoom = map.getZoom(), grow = Math.pow(1.42, Math.max(-1.5, zoom - 12));
      drawn.forEach(function (one) {
        var shown = zoom >= one.look.from, weight = one.look.width * grow;
        if (over) { weight = Math.max(0.5, one.look.width * 0.45 * Math.pow(1.3, Math.max(-1, zoom - 12))); }
        one.line.setStyle({ weight: Math.min(weight, 22) + (one.edge ? 1.6 : 0) });
        if (shown && !map.hasLayer(one.line)) { one.line.addTo(map); }
        if (!shown && map.hasLayer(one.line)) { one.line.remove(); }
      });
    }
    restyle();
    map.on("zoomend", restyle);
  }

  /* ---- names that do not overlap: places first, then roads ---- */
  function Names(map, roads) {
    this.map = map; this.roads = roads; this.places = [];
    this.pane = pane(map, "names", 640, true);
    this.ruler = document.createElement("canvas").getContext("2d");
    this.family = getComputedStyle(document.body).fontFamily;
    map.on("moveend zoomend resize", this.draw, this);
  }
  Names.prototype.width = function (text, size, weight) {
    this.ruler.font = weight + " " + size + "px " + this.family;
    return this.ruler.measureText(text).width;
  };
  Names.prototype.draw = function () {
    var map = this.map, size = map.getSize(), taken = [], self = this, zoom = map.getZoom(), said = [];
    this.pane.textContent = "";
    function free(box) {
      return taken.every(function (other) {
        return box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3];
      });
    }
    function write(text, className, at, width, turn) {
      var node = element("span", "name " + className, text), origin = map.containerPointToLayerPoint([0, 0]);
      node.style.left = (at[0] - width / 2 + origin.x) + "px";
      node.style.top = (at[1] - 6 + origin.y) + "px";
      if (turn) { node.style.transform = "rotate(" + turn + "deg)"; }
      self.pane.appendChild(node);
    }
    var shown = this.places.filter(function (one) { return zoom >= one.from && map.hasLayer(one.layer); });
    shown.sort(function (a, b) { return a.rank - b.rank; });
    shown.forEach(function (one) {
      var p = map.latLngToContainerPoint(one.at);
      var half = one.rank === 1 ? 15 : 8;
      taken.push([p.x - half, p.y - half, p.x + half, p.y + half]);
    });
    shown.forEach(function (one) {
      if (!one.text) { return; }
      var p = map.latLngToContainerPoint(one.at), width = self.width(one.text, 12.5, 700), half = width / 2;
      if (p.x < -20 || p.y < -20 || p.x > size.x + 20 || p.y > size.y + 20) { return; }
      var spots = [[p.x + 13 + half, p.y], [p.x - 13 - half, p.y], [p.x, p.y - 18], [p.x, p.y + 18]];
      for (var i = 0; i < spots.length; i++) {
        var box = [spots[i][0] - half - 2, spots[i][1] - 8, spots[i][0] + half + 2, spots[i][1] + 8];
        if (free(box)) { taken.push(box); write(one.text, "place", spots[i], width, 0); return; }
      }
    });
    var metresPerPixel = 40075016 * Math.cos(map.getCenter().lat * Math.PI / 180) / Math.pow(2, zoom + 8);
    this.roads.forEach(function (road) {
      var rank = road[4], text = road[3], width = self.width(text, 11.5, 400);
      if (zoom < [10.5, 11.5, 11.5, 12.75, 13.75][rank] || road[5] / metresPerPixel < width * 1.1) { return; }
      var p = map.latLngToContainerPoint([road[1], road[0]]);
      if (p.x < 0 || p.y < 0 || p.x > size.x || p.y > size.y) { return; }
      if (said.some(function (one) { return one[0] === text && Math.hypot(one[1] - p.x, one[2] - p.y) < 420; })) { return; }
      var angle = road[2] * Math.PI / 180, dx = Math.abs(Math.cos(angle)) * width / 2 + 6, dy = Math.abs(Math.sin(angle)) * width / 2 + 7;
      var box = [p.x - dx, p.y - dy, p.x + dx, p.y + dy];
      if (!free(box)) { return; }
      taken.push(box); said.push([text, p.x, p.y]);
      write(text, "road", [p.x, p.y], width, road[2]);
    });
  };

  /* ---- pop-ups ---- */
  function facts(rows) {
    var list = element("dl", "facts");
    rows.forEach(function (row) { list.appendChild(element("dt", "", row[0])); list.appendChild(element("dd", "", row[1])); });
    return list;
  }

  function table(data) {
    var made = element("table", "mini"), head = element("tr"), body = element("tbody"), top = element("thead");
    if (data.title) { made.appendChild(element("caption", "", data.title)); }
    data.head.forEach(function (cell, i) { var th = element("th", data.numbers && data.numbers[i] ? "n" : "", cell); th.scope = "col"; head.appendChild(th); });
    top.appendChild(head); made.appendChild(top);
    data.rows.forEach(function (row) {
      var line = element("tr");
      row.forEach(function (cell, i) { line.appendChild(element("td", data.numbers && data.numbers[i] ? "n" : "", cell)); });
      body.appendChild(line);
    });
    made.appendChild(body);
    return made;
  }

  function card(data) {
    var box = element("div");
    box.appendChild(element("h3", "", data.title));
    if (data.kind) { box.appendChild(element("p", "kind", data.kind)); }
    (data.tables || []).forEach(function (one) { box.appendChild(table(one)); });
    if (data.facts && data.facts.length) { box.appendChild(facts(data.facts)); }
    if (data.why) { box.appendChild(element("p", "why", data.why)); }
    return box;
  }

  function popupOptions(map) {
    var size = map.getSize();
    return { maxWidth: Math.min(400, size.x - 50), minWidth: Math.min(230, size.x - 60), maxHeight: Math.max(160, size.y - 110), autoPanPadding: [12, 12] };
  }

  /* ---- layers ---- */
  function pin(point, layer) {
    var symbol = element("span", "sym sym-" + (point.symbol || layer.symbol)), holder = element("div");
    symbol.style.setProperty("--ink", point.colour || layer.colour);
    symbol.appendChild(element("b", "", point.glyph === undefined ? layer.glyph : point.glyph));
    holder.appendChild(symbol);
    return L.divIcon({ className: "pin" + (layer.keep ? " keep" : ""), html: symbol, iconSize: null });
  }

  function addLayer(map, layer, names, places) {
    var group = L.layerGroup();
    (layer.lines || []).forEach(function (line) {
      var look = { color: line.colour || layer.colour, weight: line.weight || 4, dashArray: line.dash || null, opacity: line.opacity || 0.95, pane: "lines" };
      if (line.dash) { L.polyline(courses(line.course), { color: "#fff", weight: look.weight + 3, opacity: 0.9, interactive: false, pane: "lines" }).addTo(group); }
      var made = L.polyline(courses(line.course), look).addTo(group);
      if (line.card) { made.bindPopup(function () { return card(line.card); }, popupOptions(map)); }
    });
    (layer.points || []).forEach(function (point) {
      if (point.radius_m) {
        L.circle(point.at, { radius: point.radius_m, color: layer.colour, weight: 1.5, dashArray: "5 4", fillOpacity: 0.06, interactive: false, pane: "rings" }).addTo(group);
      }
      var marker = L.marker(point.at, { icon: pin(point, layer), title: point.card.title, keyboard: !!layer.keep, riseOnHover: true, zIndexOffset: layer.above || 0 });
      marker.bindPopup(function () { return card(point.card); }, popupOptions(map));
      marker.addTo(group);
      if (point.name || layer.keep) { names.places.push({ text: point.name || "", at: point.at, rank: layer.rank || 5, from: layer.named_from || 0, layer: marker }); }
      places.push({ text: point.find || point.card.title, marker: marker, group: group, id: layer.id });
    });
    return group;
  }

  function addTiles(map, tiles) {
    pane(map, "tiles", 150, true);
    var holder = element("span", "", tiles.attribution);
    return L.tileLayer(tiles.url, { attribution: holder.innerHTML, subdomains: tiles.subdomains, maxZoom: tiles.max_zoom, pane: "tiles" });
  }

  function findPlaces(map, places, groups, none) {
    var form = document.getElementById("find"), list = document.getElementById("find-list");
    if (!form) { return; }
    places.forEach(function (one) { var option = element("option"); option.value = one.text; list.appendChild(option); });
    form.addEventListener("submit", function () {
      var wanted = document.getElementById("find-text").value.trim(), answer = document.getElementById("find-answer");
      var found = places.filter(function (one) { return one.text === wanted; })[0] ||
        places.filter(function (one) { return wanted && one.text.indexOf(wanted) >= 0; })[0];
      answer.textContent = found ? "" : none;
      if (!found) { return; }
      if (!map.hasLayer(found.group)) {
        var box = document.querySelector('[data-layer="' + found.id + '"]');
        if (box) { box.checked = true; }
        groups[found.id].addTo(map);
      }
      map.setView(found.marker.getLatLng(), Math.max(map.getZoom(), 14), { animate: false });
      found.marker.openPopup();
    });
  }

  function start(map, data) {
    var words = data.words, groups = {}, places = [];
    map.getContainer().setAttribute("aria-label", words.map);
    map.getContainer().setAttribute("role", "application");
    L.control.zoom({ position: "topleft", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
    L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 130 }).addTo(map);
    data.attribution.forEach(function (one) { map.attributionControl.addAttribution(element("span", "", one).innerHTML); });
    map.setMaxZoom(18); map.setMinZoom(8);
    pane(map, "rings", 380, true); pane(map, "lines", 420, false);
    if (data.base) { drawStreets(map, data.base, data.streets_over); }
    var names = new Names(map, data.base ? data.base.labels : []);
    data.layers.forEach(function (layer) {
      groups[layer.id] = addLayer(map, layer, names, places);
      if (layer.on) { groups[layer.id].addTo(map); }
    });
    if (data.tiles) { groups.tiles = addTiles(map, data.tiles); }
    Array.prototype.forEach.call(document.querySelectorAll("[data-layer]"), function (box) {
      box.addEventListener("change", function () {
        var group = groups[box.dataset.layer];
        if (box.checked) { group.addTo(map); } else { group.remove(); }
        names.draw();
      });
    });
    function far() { map.getContainer().classList.toggle("far", map.getZoom() < 12.75); }
    map.on("zoomend", far);
    var holder = map.getContainer().parentNode;
    map.on("popupopen", function () { holder.classList.add("reading"); });
    map.on("popupclose", function () { holder.classList.remove("reading"); });
    far();
    findPlaces(map, places, groups, words.nothing_found);
    window.addEventListener("beforeprint", function () { map.invalidateSize({ animate: false }); names.draw(); });
    window.addEventListener("afterprint", function () { map.invalidateSize({ animate: false }); names.draw(); });
    map.fitBounds(data.bounds, { animate: false });
    if (data.view && Atlas.views[data.view]) { Atlas.views[data.view](map, data, { names: names, groups: groups }); }
    names.draw();
    map.getContainer().dataset.ready = "yes";
  }

  return { start: start, views: {}, drawStreets: drawStreets, addLayer: addLayer, Names: Names, element: element, unpack: unpack, courses: courses, card: card, table: table, facts: facts, pane: pane, popupOptions: popupOptions };
})();
