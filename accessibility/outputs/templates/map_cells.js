/* Cells of any outline, or bare points, found by the boxes of an index. */
Atlas.shapes = Atlas.shapes || {};
Atlas.shapes.cells = function (grid, map) {
  "use strict";
  var ids = grid.ids, n = ids.length, spot = grid.spot_px;
  var lon = Atlas.unpack(grid.lon, Int32Array), lat = Atlas.unpack(grid.lat, Int32Array);
  var counts = Atlas.unpack(grid.counts, Uint8Array), begin = new Int32Array(n + 1);
  for (var i = 0; i < n; i++) { begin[i + 1] = begin[i] + counts[i]; }

  function ring(cell) {
    var corners = [];
    for (var k = begin[cell]; k < begin[cell + 1]; k++) { corners.push([lat[k] / 1e5, lon[k] / 1e5]); }
    return corners;
  }
  function box(cell) {
    var one = { w: Infinity, e: -Infinity, s: Infinity, n: -Infinity };
    for (var k = begin[cell]; k < begin[cell + 1]; k++) {
      one.w = Math.min(one.w, lon[k]); one.e = Math.max(one.e, lon[k]);
      one.s = Math.min(one.s, lat[k]); one.n = Math.max(one.n, lat[k]);
    }
    return one;
  }
  function middle(cell) {
    var one = box(cell);
    return [(one.s + one.n) / 2e5, (one.w + one.e) / 2e5];
  }

  /* ---- the index: which cells touch which part of the whole box ---- */
  var whole = { w: Infinity, e: -Infinity, s: Infinity, n: -Infinity }, parts = Math.max(1, Math.ceil(Math.sqrt(n / 4))), index = {};
  for (i = 0; i < lon.length; i++) {
    whole.w = Math.min(whole.w, lon[i]); whole.e = Math.max(whole.e, lon[i]);
    whole.s = Math.min(whole.s, lat[i]); whole.n = Math.max(whole.n, lat[i]);
  }
  function part(value, low, high) { return Math.max(0, Math.min(parts - 1, Math.floor(parts * (value - low) / (high - low + 1)))); }
  function eachPart(one, act) {
    if (one.e < whole.w || one.w > whole.e || one.n < whole.s || one.s > whole.n) { return; }
    for (var x = part(one.w, whole.w, whole.e); x <= part(one.e, whole.w, whole.e); x++) {
      for (var y = part(one.s, whole.s, whole.n); y <= part(one.n, whole.s, whole.n); y++) { act(y * parts + x); }
    }
  }
  for (var cell = 0; cell < n; cell++) {
    if (counts[cell]) {
      eachPart(box(cell), function (key) { (index[key] = index[key] || []).push(cell); });
    }
  }
  function touching(one) {
    var seen = {}, cells = [];
    eachPart(one, function (key) {
      (index[key] || []).forEach(function (found) { if (!seen[found]) { seen[found] = true; cells.push(found); } });
    });
    return cells.sort(function (a, b) { return a - b; });
  }

  function holds(cell, x, y) {
    var inside = false;
    for (var k = begin[cell], j = begin[cell + 1] - 1; k < begin[cell + 1]; j = k++) {
      if ((lat[k] > y) !== (lat[j] > y) && x < (lon[j] - lon[k]) * (y - lat[k]) / (lat[j] - lat[k]) + lon[k]) { inside = !inside; }
    }
    return inside;
  }
  function boxOf(ends, more) {
    var xs = ends.map(function (end) { return end.lng * 1e5; }), ys = ends.map(function (end) { return end.lat * 1e5; });
    return { w: Math.min.apply(null, xs) - more, e: Math.max.apply(null, xs) + more, s: Math.min.apply(null, ys) - more, n: Math.max.apply(null, ys) + more };
  }
  function reach(pixels) {
    var here = map.containerPointToLatLng([0, 0]), there = map.containerPointToLatLng([pixels, pixels]);
    return 1e5 * Math.max(Math.abs(here.lng - there.lng), Math.abs(here.lat - there.lat));
  }
  function at(latlng) {
    var x = latlng.lng * 1e5, y = latlng.lat * 1e5, best = -1, least = 12;
    if (!spot) {
      return touching(boxOf([latlng], 0)).filter(function (one) { return holds(one, x, y); }).concat(-1)[0];
    }
    var here = map.latLngToContainerPoint(latlng);
    touching(boxOf([latlng], reach(12))).forEach(function (one) {
      var far = here.distanceTo(map.latLngToContainerPoint(middle(one)));
      if (far < least) { least = far; best = one; }
    });
    return best;
  }
  return {
    n: n, spot_px: spot, at: at, ring: ring, middle: middle,
    id: function (one) { return ids[one]; },
    within: function (ends) { return touching(boxOf(ends, spot ? reach(spot + 2) : 0)); },
    find: function (text) { return ids.indexOf(text.trim()); }
  };
};
