/* The lattice of a grid on a map: which square lies where, and how squares are drawn. */
Atlas.lattice = function (map, grid) {
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

  /* a sign in the middle of a square, where there is room for it: [text, colour] */
  function write(pen, sign, p) {
    var side = Math.min(Math.abs(p[1].x - p[0].x), Math.abs(p[0].y - p[3].y));
    if (!sign || side < 9) { return; }
    pen.fillStyle = sign[1];
    pen.font = "700 " + Math.min(26, Math.round(side * 0.8)) + "px sans-serif";
    pen.textAlign = "center"; pen.textBaseline = "middle";
    pen.fillText(sign[0], (p[0].x + p[2].x) / 2, (p[0].y + p[2].y) / 2 + 0.5);
  }

  /* `look` gives the colour of a square, or 0 and 1 for the two hatches; `sign` what is written in it */
  function layer(look, sign) {
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
            var cell = r * nx + col, i = r * wide + col, fill = look(cell);
            var p = [point(i), point(i + 1), point(i + wide + 1), point(i + wide)];
            pen.beginPath();
            pen.moveTo(p[0].x, p[0].y); pen.lineTo(p[1].x, p[1].y); pen.lineTo(p[2].x, p[2].y); pen.lineTo(p[3].x, p[3].y);
            pen.closePath();
            pen.fillStyle = typeof fill === "string" ? fill : hatches[fill];
            pen.fill();
            pen.strokeStyle = "rgba(90,96,105,.28)"; pen.lineWidth = 0.6;
            pen.stroke();
            if (sign) { write(pen, sign(cell), p); }
          }
        }
        return tile;
      }
    });
    Atlas.pane(map, "cells", 210, true);
    return new Cells({ pane: "cells", opacity: 0.86, updateWhenZooming: false, keepBuffer: 1 });
  }

  return { cellAt: cellAt, cellId: cellId, cellRing: cellRing, layer: layer, n_cells: nx * ny, n_columns: nx, n_rows: ny };
};
