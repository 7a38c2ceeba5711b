/* A lattice of squares, turned and bent as its projection asks. */
Atlas.shapes = Atlas.shapes || {};
Atlas.shapes.lattice = function (grid) {
  "use strict";
  var lon = Atlas.unpack(grid.lon, Int32Array), lat = Atlas.unpack(grid.lat, Int32Array);
  var nx = grid.n_columns, ny = grid.n_rows, wide = nx + 1;
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
  function middle(cell) {
    var ring = cellRing(cell);
    return [(ring[0][0] + ring[2][0]) / 2, (ring[0][1] + ring[2][1]) / 2];
  }
  function within(ends) {
    var c0 = Infinity, c1 = -Infinity, r0 = Infinity, r1 = -Infinity, cells = [];
    ends.forEach(function (end) {
      var at = inLattice(end);
      c0 = Math.min(c0, at[0]); c1 = Math.max(c1, at[0]); r0 = Math.min(r0, at[1]); r1 = Math.max(r1, at[1]);
    });
    c0 = Math.max(0, Math.floor(c0) - 1); c1 = Math.min(nx - 1, Math.ceil(c1) + 1);
    r0 = Math.max(0, Math.floor(r0) - 1); r1 = Math.min(ny - 1, Math.ceil(r1) + 1);
    for (var r = r0; r <= r1; r++) { for (var col = c0; col <= c1; col++) { cells.push(r * nx + col); } }
    return cells;
  }
  function find(text) {
    var match = /^\s*g?(\d+)\s*[-, ]\s*(\d+)\s*$/i.exec(text);
    return match && Number(match[1]) < nx && Number(match[2]) < ny ? Number(match[2]) * nx + Number(match[1]) : -1;
  }
  return { n: nx * ny, at: cellAt, id: cellId, ring: cellRing, middle: middle, within: within, find: find };
};
