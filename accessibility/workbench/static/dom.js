/* Words and elements. Text reaches the page as text, never as HTML. */
const words = JSON.parse(document.getElementById("words").textContent);

export function w(key, values = {}) {
  const sentence = words[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all));
}

export const english = document.documentElement.lang === "en";

/** Choose the name of the page's language from [Chinese, English]. */
export function named(pair) {
  return (english ? pair[1] : pair[0]) || pair[0] || pair[1];
}

export function $(id) {
  return document.getElementById(id);
}

export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) { node.addEventListener(name.slice(2), value); }
    else if (name in node && name !== "list") { node[name] = value; }
    else { node.setAttribute(name, value); }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function fill(node, ...children) {
  node.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
}

export function options(select, entries, chosen) {
  fill(select, ...entries.map(([value, text]) => h("option", { value }, text)));
  if (chosen !== undefined) { select.value = chosen; }
}

export function minutes(tenths) {
  return tenths === null || tenths === undefined ? w("unreached") : (tenths / 10).toFixed(1);
}

export function signed(value) {
  if (value === null || value === undefined) { return "–"; }
  const text = Math.abs(value).toFixed(1);
  return text === "0.0" ? text : (value < 0 ? "−" : "+") + text;
}

export function clock(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor((seconds % 3600) / 60))}`;
}

/** Wait until nothing has happened for some time. */
export function settled(wait, act) {
  let timer = 0;
  const again = (...given) => { clearTimeout(timer); timer = setTimeout(() => { timer = 0; act(...given); }, wait); };
  again.waits = () => timer !== 0;
  again.drop = () => { clearTimeout(timer); timer = 0; };
  return again;
}
