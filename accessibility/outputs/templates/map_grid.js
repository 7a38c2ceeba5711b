/* The grid: one lattice, one array per layer; cells without an answer are hatched, never coloured. */
Atlas.views.grid = function (map, data, tools) {
  "use strict";
  var grid = data.grid, words = data.words, make = Atlas.element;
  var kinds = { i2: Int16Array, i4: Int32Array, u1: Uint8Array };
  var arrays = grid.arrays.map(function (one) { return Atlas.unpack(one[1], kinds[one[0]]); });
  var lon = Atlas.unpack(grid.lon, Int32Array), lat = Atlas.unpack(grid.lat, Int32Array);
  var nx = grid.n_columns, ny = grid.n_rows, wide = nx + 1, now = null, chosenCell = -1;
  var keys = ["what", "mode", "period", "date", "column"];
  var picks = {};
  keys.forEach(function (key) { picks[key] = document.querySelector('[data-pick="' + key + '"]'); });

  /* ---- where a position lies in the lattice ---- */
  function corner(c, r) {
    var c0 = Math.max(0, Math.min(nx - 1, Math.floor(c))), r0 = Math.max(0, Math.min(ny - 1, Math.floor(r)));
    var i = r0 * wide + c0, fx = c - c0, fy = r - r0;
    function mix(of) {
      return (of[i] * (1 - fx) + of[i + 1] * fx) * (1 - fy) + (of[i + wide] * (1 - fx) + of[i + wide + 1] * fx) * fy;
    }
    return [mix(lon) / 1e5, mix(lat) / 1e5];
  }
  var o = corner(0, 0), e = corner(nx, 0), n = corner(0, ny);
  var a = (e[0] - o[0]) / nx, b = (n[0] - o[0]) / ny, c = (e[1] - o[1]) / nx, d = (n[1] - o[1]) / ny, det = a * d - b * c;
  function inLattice(latlng) {
    var col = 0, row = 0;
    for (var k = 0; k < 5; k++) {
      var at = corner(col, row), dx = latlng.lng - at[0], dy = latlng.lat - at[1];
      col += (d * dx - b * dy) / det; row += (a * dy - c * dx) / det;
    }
    return [col, row];
  }
  function cellAt(latlng) {
    var at = inLattice(latlng), col = Math.floor(at[0]), row = Math.floor(at[1]);
    return col >= 0 && row >= 0 && col < nx && row < ny ? row * nx + col : -1;
  }
  function cellId(cell) {
    function three(number) { return ("00" + number).slice(-Math.max(3, String(number).length)); }
    return "g" + three(cell % nx) + "-" + three(Math.floor(cell / nx));
  }
  function cellRing(cell) {
    var i = Math.floor(cell / nx) * wide + cell % nx;
    return [i, i + 1, i + wide + 1, i + wide].map(function (k) { return [lat[k] / 1e5, lon[k] / 1e5]; });
  }

  /* ---- classes ---- */
  function classOf(value) {
    var limits = now.limits, k = 0;
    while (k < limits.length && value > limits[k]) { k++; }
    return k;
  }
  function hatch(cross) {
    var tile = document.createElement("canvas"), pen = tile.getContext("2d");
    tile.width = tile.height = 8;
    pen.fillStyle = "#fff"; pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = cross ? "#9aa1ab" : "#aab0b9"; pen.lineWidth = 1;
    pen.beginPath();
    [-8, 0, 8].forEach(function (k) {
      pen.moveTo(k, 8); pen.lineTo(k + 8, 0);
      if (cross) { pen.moveTo(k, 0); pen.lineTo(k + 8, 8); }
    });
    pen.stroke();
    return pen.createPattern(tile, "repeat");
  }
  var hatches = [hatch(false), hatch(true)];

  var Cells = L.GridLayer.extend({
    createTile: function (coords) {
      var size = this.getTileSize(), tile = document.createElement("canvas"), ratio = Math.min(2, window.devicePixelRatio || 1);
      tile.width = size.x * ratio; tile.height = size.y * ratio;
      var pen = tile.getContext("2d"), origin = coords.scaleBy(size), zoom = coords.z;
      pen.scale(ratio, ratio);
      var c0 = Infinity, c1 = -Infinity, r0 = Infinity, r1 = -Infinity;
      [[0, 0], [1, 0], [0, 1], [1, 1]].forEach(function (k) {
        var at = inLattice(map.unproject(origin.add([k[0] * size.x, k[1] * size.y]), zoom));
        c0 = Math.min(c0, at[0]); c1 = Math.max(c1, at[0]); r0 = Math.min(r0, at[1]); r1 = Math.max(r1, at[1]);
      });
      c0 = Math.max(0, Math.floor(c0) - 1); c1 = Math.min(nx - 1, Math.ceil(c1) + 1);
      r0 = Math.max(0, Math.floor(r0) - 1); r1 = Math.min(ny - 1, Math.ceil(r1) + 1);
      function point(i) { return map.project([lat[i] / 1e5, lon[i] / 1e5], zoom).subtract(origin); }
      for (var r = r0; r <= r1; r++) {
        for (var col = c0; col <= c1; col++) {
          var cell = r * nx + col, i = r * wide + col, value = now ? now.values[cell] : -1;
          var p = [point(i), point(i + 1), point(i + wide + 1), point(i + wide)];
          pen.beginPath();
          pen.moveTo(p[0].x, p[0].y); pen.lineTo(p[1].x, p[1].y); pen.lineTo(p[2].x, p[2].y); pen.lineTo(p[3].x, p[3].y);
          pen.closePath();
          if (value >= 0) {
            pen.fillStyle = now.colours[classOf(value)];
          } else {
            pen.fillStyle = hatches[now && now.reasons && grid.reasons[now.reasons[cell]].cross ? 1 : 0];
          }
          pen.fill();
          pen.strokeStyle = "rgba(90,96,105,.28)"; pen.lineWidth = 0.6;
          pen.stroke();
        }
      }
      return tile;
    }
  });
  Atlas.pane(map, "cells", 210, true);
  var cells = new Cells({ pane: "cells", opacity: 0.86, updateWhenZooming: false, keepBuffer: 1 });

  /* ---- what is shown ---- */
  function labelOf(table, key) { return key === "what" ? table.what : table[key]; }
  function matching(depth) {
    return grid.tables.filter(function (table) {
      return keys.slice(0, depth).every(function (key) { return key === "column" || labelOf(table, key) === picks[key].value; });
    });
  }
  function fill(key, values, wanted, names) {
    var pick = picks[key];
    pick.textContent = "";
    values.forEach(function (value) {
      var option = make("option", "", names(value));
      option.value = value;
      pick.appendChild(option);
    });
    pick.value = values.indexOf(wanted) >= 0 ? wanted : values[0];
    pick.disabled = values.length < 2;
  }
  function unique(values) { return values.filter(function (value, i) { return values.indexOf(value) === i; }); }
  function refill(from) {
    for (var depth = from; depth < 4; depth++) {
      var key = keys[depth];
      fill(key, unique(matching(depth).map(function (t) { return labelOf(t, key); })), picks[key].value || grid.first[key],
        function (value) { return grid.names[key][value] || value; });
    }
    var table = matching(4)[0];
    var labels = table.columns.map(function (column) { return column.label; });
    fill("column", labels, picks.column.value || (labels.indexOf("mid") >= 0 ? "mid" : labels[0]), function (value) { return grid.names.column[value] || value; });
    show(table);
  }
  function show(table) {
    var column = table.columns.filter(function (one) { return one.label === picks.column.value; })[0];
    var unit = grid.units[table.unit];
    now = { table: table, column: column, unit: unit, values: arrays[column.values], reasons: arrays[table.reason], limits: unit.limits, colours: unit.colours };
    legend();
    cells.redraw();
    if (chosenCell >= 0) { tell(chosenCell); }
  }
  function legend() {
    var box = document.getElementById("legend"), counts = now.colours.map(function () { return 0; }), why = {}, total = nx * ny;
    for (var cell = 0; cell < total; cell++) {
      if (now.values[cell] >= 0) { counts[classOf(now.values[cell])]++; } else { why[now.reasons[cell]] = (why[now.reasons[cell]] || 0) + 1; }
    }
    function share(count) { return words.share.replace("{count}", count).replace("{percent}", (100 * count / total).toFixed(1)); }
    box.textContent = "";
    box.appendChild(make("p", "legend-title", grid.names.what[now.table.what] + " · " + now.unit.title));
    var list = make("ul", "classes");
    function line(swatch, text, count) {
      var item = make("li");
      item.appendChild(swatch); item.appendChild(make("span", "", text)); item.appendChild(make("span", "share", share(count)));
      list.appendChild(item);
    }
    counts.forEach(function (count, k) {
      var swatch = make("span", "box");
      swatch.style.background = now.colours[k];
      swatch.style.opacity = 0.9;
      line(swatch, now.unit.labels[k], count);
    });
    Object.keys(why).sort().forEach(function (reason) {
      line(make("span", "box sym-" + (grid.reasons[reason].cross ? "cross" : "hatch")), grid.reasons[reason].text, why[reason]);
    });
    box.appendChild(list);
  }

  /* ---- one cell ---- */
  function number(value) { return now.unit.tenths ? (value / 10).toFixed(1) : String(value); }
  function short(cell) {
    var value = now.values[cell];
    if (value < 0) { return cellId(cell) + " · " + grid.reasons[now.reasons[cell]].text; }
    var near = now.column.nearest === undefined ? -1 : arrays[now.column.nearest][cell];
    return cellId(cell) + " · " + number(value) + " " + now.unit.unit + (near >= 0 ? " → " + grid.destinations[near] : "");
  }
  function story(cell) {
    var table = now.table, rows = [], how = ["mode", "period", "date"].map(function (key) { return grid.names[key][table[key]] || table[key]; });
    var reached = table.columns.filter(function (column) { return arrays[column.values][cell] >= 0; });
    reached.forEach(function (column) {
      var near = column.nearest === undefined ? -1 : arrays[column.nearest][cell], far = column.distance === undefined ? -1 : arrays[column.distance][cell];
      rows.push([grid.names.column[column.label] || column.label, number(arrays[column.values][cell]), near >= 0 ? grid.destinations[near] : "–", far >= 0 ? (far / 100).toFixed(2) : "–"]);
    });
    var told = { title: grid.names.what[table.what], kind: words.cell.replace("{id}", cellId(cell)) + " · " + how.filter(Boolean).join(" · "), tables: [], facts: [], why: words.how };
    if (rows.length) {
      told.tables.push({ head: [words.level, now.unit.unit, words.nearest, "km"], rows: rows, numbers: [0, 1, 0, 1] });
    } else {
      told.facts.push([words.answer, grid.reasons[now.reasons[cell]].text]);
    }
    return told;
  }
  var frame = L.polygon([[0, 0]], { color: "#b0380b", weight: 2.5, fill: false, interactive: false, pane: "lines" });
  var popup = L.popup(Atlas.popupOptions(map));
  function tell(cell) {
    chosenCell = cell;
    frame.setLatLngs(cellRing(cell)).addTo(map);
    var ring = cellRing(cell), middle = [(ring[0][0] + ring[2][0]) / 2, (ring[0][1] + ring[2][1]) / 2];
    popup.setLatLng(middle).setContent(Atlas.card(story(cell))).openOn(map);
  }
  map.on("popupclose", function (event) { if (event.popup === popup) { frame.remove(); chosenCell = -1; } });
  map.on("click", function (event) { var cell = cellAt(event.latlng); if (cell >= 0) { tell(cell); } });
  var tip = L.tooltip({ className: "tip", direction: "top", offset: [0, -8] });
  map.on("mousemove", function (event) {
    var cell = cellAt(event.latlng);
    if (cell < 0 || chosenCell >= 0) { tip.remove(); return; }
    tip.setLatLng(event.latlng).setContent(document.createTextNode(short(cell)));
    if (!map.hasLayer(tip)) { tip.addTo(map); }
  });
  map.on("mouseout", function () { tip.remove(); });
  map.getContainer().addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target === map.getContainer()) {
      var cell = cellAt(map.getCenter());
      if (cell >= 0) { tell(cell); }
    }
  });
  var form = document.getElementById("find");
  if (form) {
    form.addEventListener("submit", function () {
      var match = /^\s*g?(\d+)\s*[-, ]\s*(\d+)\s*$/i.exec(document.getElementById("find-text").value);
      if (!match) { return; }
      var cell = Number(match[2]) * nx + Number(match[1]);
      if (Number(match[1]) < nx && Number(match[2]) < ny) {
        document.getElementById("find-answer").textContent = "";
        map.panTo(cellRing(cell)[0], { animate: false });
        tell(cell);
      }
    });
  }
  keys.forEach(function (key, depth) {
    picks[key].addEventListener("change", function () { if (key === "column") { show(now.table); } else { refill(depth + 1); } });
  });
  cells.addTo(map);
  refill(0);
};
