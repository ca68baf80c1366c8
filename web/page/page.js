"use strict";
const $ = (id) => document.getElementById(id);
const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

// The evaluator, in a worker that can be ended.
const evaluator = {
  pending: new Map(),
  number: 0,
  bindings: [],
  start() {
    const code = new Blob([$("worker").textContent], { type: "text/javascript" });
    this.worker = new Worker(URL.createObjectURL(code));
    this.ready = new Promise((ready) => {
      this.worker.onmessage = ({ data }) => {
        if (data.ready) return ready();
        const { resolve, reject } = this.pending.get(data.id) ?? {};
        this.pending.delete(data.id);
        if (data.broken) {
          reject?.(new Error("the evaluation needs more memory or a deeper stack than a browser gives"));
          this.restart();
        } else resolve?.(data.answer);
      };
    });
    this.worker.postMessage({ module: $("module").textContent.trim() });
  },
  async ask(request) {
    await this.ready;
    const id = ++this.number;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.worker.postMessage({ id, request });
    });
  },
  async restart() {
    this.worker.terminate();
    this.pending.forEach(({ reject }) => reject(new Error("stopped")));
    this.pending.clear();
    this.start();
    // Names are bound again: nothing of them was evaluated.
    for (const text of this.bindings) await this.ask({ do: "input", text }).catch(() => {});
  },
};

function painted(text, styles, extra = []) {
  const cuts = new Set([0, text.length]);
  for (const [start, end] of [...styles, ...extra]) cuts.add(start).add(end);
  const sorted = [...cuts].sort((a, b) => a - b);
  const line = document.createDocumentFragment();
  for (let index = 0; index + 1 < sorted.length; index++) {
    const [start, end] = [sorted[index], sorted[index + 1]];
    const classes = [...styles, ...extra].filter(([from, to]) => from <= start && end <= to).map(([, , name]) => name);
    const part = text.slice(start, end);
    line.append(classes.length ? element("span", { className: classes.join(" "), textContent: part }) : part);
  }
  return line;
}

async function program(text, className = "") {
  const styles = await evaluator.ask({ do: "styles", text }).catch(() => []);
  return element("pre", { className }, painted(text, styles));
}

// What an answer looks like.
async function shown(answer, typed) {
  const box = element("div");
  for (const message of answer.messages ?? []) box.append(element("pre", { className: "faint", textContent: message }));
  if (answer.kind === "value") box.append(await program(answer.text));
  else if (answer.kind === "output") box.append(element("pre", { textContent: answer.text }));
  else if (answer.kind === "bound") box.append(element("p", { className: "faint", textContent: `Bound ${answer.names.join(", ")}.` }));
  else if (answer.kind === "error") box.append(await failure(answer, typed));
  else if (answer.kind === "steps") box.append(slider(answer));
  else if (answer.kind === "access") box.append(access(answer));
  else if (answer.kind === "graph") box.append(drawing(answer));
  return box;
}

async function failure(answer, typed) {
  const box = element("div", { className: "error-box" });
  for (const error of answer.errors.length ? answer.errors : [{ message: answer.text, spans: [], hints: [] }]) {
    box.append(element("pre", { className: "error", textContent: `error${error.code ? `[${error.code}]` : ""}: ${error.message}` }));
    const bytes = new TextEncoder().encode(typed);
    // Other places may be in earlier inputs, which have the same name.
    for (const { start, end, file, label } of (error.spans ?? []).slice(0, 1)) {
      if (file !== "«string»") continue;
      const decode = (from, to) => new TextDecoder().decode(bytes.slice(from, to));
      const command = typed.startsWith(":") ? typed.indexOf(" ") + 1 : 0;
      const [from, to] = [start + command, Math.max(end, start + 1) + command];
      if (from > bytes.length) continue;
      box.append(element("pre", {}, decode(0, from), element("mark", { textContent: decode(from, to) || " " }), decode(to)));
      if (label) box.append(element("p", { className: "faint", textContent: label }));
    }
    for (const hint of [...(error.hints ?? []), ...(error.notes ?? [])]) box.append(element("p", { textContent: `help: ${hint}` }));
  }
  return box;
}

function access({ path, here, there }) {
  const side = (title, text, value) =>
    element("div", {}, element("strong", { textContent: title }), element("pre", { textContent: text }), element("pre", { textContent: value, className: value.startsWith("error") ? "error" : "" }));
  return element("div", { className: "two" }, side("In an expression", path, here), side("On the command line", `-A ${path}`, there));
}

// The steps of an evaluation, with a slider.
function slider({ steps, error, is_cut }) {
  const range = element("input", { type: "range", min: 0, max: steps.length - 1, value: 0, ariaLabel: "Step" });
  const count = element("span", { className: "faint" });
  const text = element("pre", { className: "program" });
  const beside = element("div", { className: "faint" });
  const go = (to) => {
    range.value = Math.min(steps.length - 1, Math.max(0, to));
    const step = steps[range.value];
    count.textContent = `${Number(range.value) + 1} of ${steps.length}${is_cut ? "+" : ""}`;
    text.replaceChildren(painted(step.program, step.styles, step.redex ? [[...step.redex, "redex"]] : []));
    const lines = step.inside ? [`inside: ${step.inside}`] : [];
    lines.push(...step.forced.map(([work, value]) => `forced: ${work} = ${value}`));
    if (error && Number(range.value) === steps.length - 1) lines.push(`error: ${error}`);
    beside.replaceChildren(...lines.map((line) => element("pre", { textContent: line })));
  };
  range.oninput = () => go(Number(range.value));
  const button = (label, by) => element("button", { type: "button", textContent: label, onclick: () => go(Number(range.value) + by) });
  go(0);
  return element("div", { className: "steps" }, element("div", { className: "bar" }, button("←", -1), button("→", 1), count), range, text, beside);
}

// A graph in columns; a click on a thunk evaluates it.
function drawing(graph) {
  const box = element("div", { className: "graph" });
  const draw = ({ nodes, error }) => {
    const depth = nodes.map(() => -1);
    const queue = [0];
    depth[0] = 0;
    while (queue.length) {
      const at = queue.shift();
      for (const { to } of nodes[at]?.rows ?? []) if (to != null && depth[to] < 0) { depth[to] = depth[at] + 1; queue.push(to); }
    }
    const line = 18, wide = 250, gap = 60, heights = [];
    const places = nodes.map((node, index) => {
      const column = Math.max(0, depth[index]);
      const y = heights[column] ?? 10;
      const height = (1 + (node.text ? 1 : 0) + node.rows.length) * line + 10;
      heights[column] = y + height + 20;
      return { x: 10 + column * (wide + gap), y, height };
    });
    const svg = (name, attributes, ...children) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      made.append(...children);
      return made;
    };
    const picture = svg("svg", { width: heights.length * (wide + gap) + 20, height: Math.max(40, ...heights) });
    nodes.forEach((node, index) => {
      const { x, y, height } = places[index];
      const kind = { thunk: "thunk", "evaluated thunk": "done", "failed thunk": "failed" }[node.kind] ?? "value";
      const group = svg("g", { class: kind, "data-node": index }, svg("rect", { x, y, width: wide, height, rx: 6 }));
      const texts = [[node.kind, "small"], ...(node.text ? [[node.text, ""]] : []), ...node.rows.map((row) => [row.text, ""])];
      texts.forEach(([text, className], row) => group.append(svg("text", { x: x + 10, y: y + line * (row + 1), class: className }, text)));
      node.rows.forEach(({ to }, row) => {
        if (to == null) return;
        const from = { x: x + wide, y: y + line * (row + 1 + (node.text ? 1 : 0)) + line - 5 };
        const end = { x: places[to].x, y: places[to].y + 14 };
        const forward = end.x > from.x;
        if (!forward) from.x = x;
        const bend = forward ? from.x + 30 : from.x - 30;
        picture.append(svg("path", { d: `M${from.x} ${from.y} C${bend} ${from.y} ${end.x - 30} ${end.y} ${end.x} ${end.y}` }));
      });
      if (node.can_force) {
        const force = async () => draw(await evaluator.ask({ do: "force", node: index }));
        group.setAttribute("tabindex", 0);
        group.setAttribute("role", "button");
        group.addEventListener("click", force);
        group.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); force(); } });
      }
      picture.append(group);
    });
    box.replaceChildren(picture);
    if (error) box.append(element("pre", { className: "error", textContent: `error: ${error}` }));
  };
  draw(graph);
  return box;
}

// The prompt.
const input = $("input"), history = [];
let back = 0;

function setInput(text) {
  input.value = text;
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight}px`;
  paint();
}

async function paint() {
  const text = input.value;
  $("mirror").textContent = text;
  if ($("run").hidden) return;
  const styles = await evaluator.ask({ do: "styles", text }).catch(() => []);
  if (input.value === text) $("mirror").replaceChildren(painted(text, styles));
}

async function run(text) {
  history.push(text);
  back = history.length;
  const entry = element("div", { className: "entry" });
  const typed = await program(text, "typed");
  entry.append(typed);
  $("session").append(entry);
  $("run").hidden = true;
  $("stop").hidden = false;
  let answer;
  try {
    answer = await evaluator.ask({ do: "input", text });
    if (answer.kind === "bound") evaluator.bindings.push(text);
    entry.append(await shown(answer, text));
  } catch (error) {
    answer = { kind: "error", text: error.message, errors: [] };
    entry.append(element("pre", { className: "error", textContent: error.message }));
  }
  $("run").hidden = false;
  $("stop").hidden = true;
  entry.scrollIntoView({ block: "end" });
  await lesson.follow(text, answer);
  return answer;
}

$("prompt").onsubmit = (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (!text || $("run").hidden) return;
  setInput("");
  run(text);
};
$("stop").onclick = () => evaluator.restart();
input.oninput = () => setInput(input.value);
input.onkeydown = (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("prompt").requestSubmit();
  } else if (event.key === "ArrowUp" && !input.value.slice(0, input.selectionStart).includes("\n") && back > 0) {
    event.preventDefault();
    setInput(history[--back]);
  } else if (event.key === "ArrowDown" && !input.value.slice(input.selectionEnd).includes("\n") && back < history.length) {
    event.preventDefault();
    setInput(history[++back] ?? "");
  }
};
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !$("stop").hidden) evaluator.restart(); });
$("clear").onclick = () => { $("session").replaceChildren(); input.focus(); };
$("link").onclick = () => {
  location.hash = `code=${encodeURIComponent(input.value || history.at(-1) || "")}`;
  navigator.clipboard?.writeText(location.href).catch(() => {});
};
$("theme").onclick = () => {
  const dark = document.documentElement.classList.toggle("dark");
  try { localStorage.setItem("theme", dark ? "dark" : "light"); } catch { /* a page from a file may keep nothing */ }
};

// Lessons.
const lesson = {
  current: null,
  at: 0,
  async list() {
    this.all ??= await evaluator.ask({ do: "lessons" });
    const box = $("lesson");
    box.hidden = false;
    box.replaceChildren(element("h2", { textContent: "Lessons" }), element("div", { className: "list" },
      ...this.all.map((each) => element("button", { type: "button", textContent: each.title, onclick: () => this.begin(each) }))));
    box.scrollIntoView();
  },
  async begin(each) {
    this.current = each;
    this.at = 0;
    await this.show();
    input.focus();
  },
  async show() {
    const { title, steps, ending } = this.current, step = steps[this.at];
    const box = $("lesson");
    box.replaceChildren(element("h2", { textContent: step ? `${title}, ${this.at + 1} of ${steps.length}` : title }),
      element("div", { innerHTML: step ? step.text : `${ending}<p>Lesson complete.</p>` }));
    if (!step) { this.current = null; return; }
    if (step.setup) await evaluator.ask({ do: "input", text: step.setup });
    const said = element("p", { id: "said" });
    const button = (textContent, onclick) => element("button", { type: "button", textContent, onclick });
    box.append(element("div", { className: "bar" },
      button("Hint", () => { said.innerHTML = step.hint || "There is no hint."; }),
      button("Answer", () => { setInput(step.answer.split("\n")[0]); input.focus(); }),
      button("Skip", () => { this.at++; this.show(); })), said);
    box.scrollIntoView();
  },
  async follow(typed, answer) {
    const step = this.current?.steps[this.at];
    if (!step) return;
    const text = answer.text ?? JSON.stringify(answer);
    const facts = { do: "check", typed, reply: text, failed: answer.kind === "error" };
    const holds = (check) => evaluator.ask({ ...facts, check });
    const needsValue = /\bit\b/.test(step.check) && answer.kind !== "value";
    const byHand = (await evaluator.ask({ do: "literal", text: typed })) && !(await evaluator.ask({ do: "literal", text: step.answer.split("\n").at(-1) }));
    if (!needsValue && (await holds(step.check))) {
      if (byHand) return this.say("✗ That is the result, written by hand. Let Nix compute it.");
      this.at++;
      await this.show();
      return this.say("✓ Right.");
    }
    for (const remark of step.remarks) if (await holds(remark.condition)) return this.say(`${remark.is_part ? "✓ So far so good." : "✗"} ${remark.text}`);
    this.say("… not yet");
  },
  say(text) {
    const said = $("said");
    if (said) said.innerHTML = text;
  },
};
$("show-lessons").onclick = () => lesson.list();

// The beginning: the theme, and the program that a link carries.
let theme = null;
try { theme = localStorage.getItem("theme"); } catch { /* a page from a file may keep nothing */ }
document.documentElement.classList.toggle("dark", theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
evaluator.start();
async function followLink() {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (code) await run(code);
}
followLink();
window.addEventListener("hashchange", () => setInput(new URLSearchParams(location.hash.slice(1)).get("code") ?? ""));
