/* Colours and signs of the map: safe for colour-blind readers and in print. */
export const CHANGES = [
  { id: "g3", below: -10, colour: "#542788", ink: "#fff", sign: "−", key: "quicker_more" },
  { id: "g2", below: -5, colour: "#8073ac", ink: "#fff", sign: "−", key: "quicker_mid" },
  { id: "g1", below: -1, colour: "#b2abd2", ink: "#1d2733", sign: "−", key: "quicker_less" },
  { id: "s0", below: 1, colour: "", ink: "", sign: "", key: "cells_same" },
  { id: "l1", below: 5, colour: "#fdb863", ink: "#1d2733", sign: "+", key: "slower_less" },
  { id: "l2", below: 10, colour: "#e08214", ink: "#1d2733", sign: "+", key: "slower_mid" },
  { id: "l3", below: Infinity, colour: "#b35806", ink: "#fff", sign: "+", key: "slower_more" },
];
export const NEW = { colour: "#2d004b", ink: "#fff", sign: "●", key: "cells_new" };
export const LOST = { colour: "#7f3b08", ink: "#fff", sign: "○", key: "cells_lost" };
export const TIMES = [[10, "#f7fbff"], [20, "#d6e6f4"], [30, "#abcfe5"], [45, "#6aaed6"], [60, "#3787c0"], [90, "#105ba4"], [Infinity, "#08306b"]];
