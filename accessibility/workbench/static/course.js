/* A line as a row of stops and control points, and the modification of the scenario that makes it so. */

/** A stop is {id, name, lat, lon} (id "" where it is new); a control point is {pass: true, lat, lon}. */
export class Courses {
  constructor(study) {
    this.study = study;
    this.numberOf = new Map(study.stops.ids.map((id, i) => [id, i]));
  }

  line(route) { return this.study.lines.find((one) => one.id === route); }

  way(route, direction) {
    const line = this.line(route);
    return line ? line.directions.find((one) => one.direction === direction) || line.directions[0] : { stops: [], bands: [], course: [] };
  }

  known(i) {
    const { ids, names, lat, lon } = this.study.stops;
    return { id: ids[i], name: names[i], lat: lat[i], lon: lon[i] };
  }

  /** Find a stop by its id or its name. */
  named(text) {
    const at = this.numberOf.get(text) ?? this.study.stops.names.indexOf(text);
    return at >= 0 ? this.known(at) : null;
  }

  base(route, direction) { return this.way(route, direction).stops.map((i) => this.known(i)); }

  /** Read an entry of `stops` of a scenario. */
  read(ref) {
    if (typeof ref !== "string") { return ref.pass ? { pass: true, lat: ref.lat, lon: ref.lon } : { id: "", name: ref.name, lat: ref.lat, lon: ref.lon }; }
    const i = this.numberOf.get(ref);
    return i === undefined ? { id: ref, name: ref, lat: null, lon: null } : this.known(i);
  }

  /** Say whether the way back runs from the last stop of the way there. */
  returns(route, direction) {
    const line = this.line(route), there = this.way(route, direction);
    const back = line && line.directions.find((one) => one.direction !== direction);
    return Boolean(back) && back.stops[0] === there.stops[there.stops.length - 1];
  }

  /** Find the direction that a rerouting without one means first. */
  directionOf(reroute) {
    if (reroute.direction !== undefined) { return reroute.direction; }
    const line = this.line(reroute.route);
    if (!line) { return 0; }
    const fits = line.directions.find((way) => {
      const ids = way.stops.map((i) => this.study.stops.ids[i]);
      const from = ids.indexOf(reroute.from_stop), to = ids.indexOf(reroute.to_stop);
      if (reroute.from_stop && reroute.to_stop) { return from >= 0 && from < to; }
      return reroute.from_stop ? from > 0 : to >= 0 && to < ids.length - 1;
    });
    return (fits || line.directions[0]).direction;
  }

  /** Give what a line runs along after a rerouting. */
  bent(reroute, direction) {
    const base = this.base(reroute.route, direction), at = (id) => base.findIndex((stop) => stop.id === id);
    const head = reroute.from_stop ? base.slice(0, at(reroute.from_stop) + 1) : [];
    const tail = reroute.to_stop ? base.slice(at(reroute.to_stop)) : [];
    return [...head, ...(reroute.stops || []).map((ref) => this.read(ref)), ...tail];
  }

  /**
   * Make the rerouting that leads a line along `course`: the part that differs, and no more.
   * Null where the line runs as it does today, undefined where it keeps none of its stops.
   */
  rerouted(route, direction, both, course) {
    const base = this.base(route, direction), n = base.length;
    const same = (a, b) => Boolean(a && b && a.id && a.id === b.id);
    let head = 0, tail = 0;
    while (head < n && head < course.length && same(base[head], course[head])) { head++; }
    while (tail < n - head && tail < course.length - head && same(base[n - 1 - tail], course[course.length - 1 - tail])) { tail++; }
    if (head === n && course.length === n) { return null; }
    if (!head && !tail) { return undefined; }
    const made = { type: "reroute", route };
    if (!both) { made.direction = direction; }
    if (head) { made.from_stop = base[head - 1].id; }
    if (tail) { made.to_stop = base[n - tail].id; }
    made.stops = course.slice(head, course.length - tail).map(written);
    return made;
  }
}

/** Write a stop or a control point as an entry of `stops`. */
export function written(one) {
  const at = { lon: Number(one.lon.toFixed(6)), lat: Number(one.lat.toFixed(6)) };
  if (one.pass) { return { ...at, pass: true }; }
  return one.id || { name: one.name, ...at };
}

/** Control points before the first stop or after the last lead nowhere. */
export function trimmed(course) {
  const first = course.findIndex((one) => !one.pass), last = course.findLastIndex((one) => !one.pass);
  return first < 0 ? [] : course.slice(first, last + 1);
}

/** Find where a stop or control point lengthens a course least; only a stop can lie beyond its ends. */
export function bestPlace(course, at, metres) {
  if (course.length < 2) { return course.length; }
  const known = course.filter((one) => one.lat !== null);
  const far = (a, b) => metres([a.lat, a.lon], [b.lat, b.lon]);
  let best = [Infinity, 1];
  if (!at.pass) {
    best = [2 * far(at, known[known.length - 1]), course.length];
    if (2 * far(at, known[0]) < best[0]) { best = [2 * far(at, known[0]), 0]; }
  }
  for (let i = 1; i < course.length; i++) {
    const [a, b] = [course[i - 1], course[i]];
    if (a.lat === null || b.lat === null) { continue; }
    const more = far(a, at) + far(at, b) - far(a, b);
    if (more < best[0]) { best = [more, i]; }
  }
  return best[1];
}
