// Runs the evaluator, so that the page stays alive and an endless evaluation can be stopped.
let exports;

async function start(base64) {
  const packed = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bytes = await new Response(stream).arrayBuffer();
  ({ exports } = (await WebAssembly.instantiate(bytes, {})).instance);
}

function ask(request) {
  const text = new TextEncoder().encode(JSON.stringify(request));
  const place = exports.reserve(text.length);
  new Uint8Array(exports.memory.buffer, place, text.length).set(text);
  const length = exports.answer();
  const answer = new Uint8Array(exports.memory.buffer, exports.answer_start(), length);
  return JSON.parse(new TextDecoder().decode(answer));
}

onmessage = async ({ data }) => {
  if (data.module) {
    await start(data.module);
    postMessage({ ready: true });
    return;
  }
  try {
    postMessage({ id: data.id, answer: ask(data.request) });
  } catch (error) {
    // The stack of the browser was used up, or memory: this instance cannot go on.
    postMessage({ id: data.id, broken: String(error) });
  }
};
