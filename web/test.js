// Tests the page in a headless Chromium, without network: npm install playwright-core && node web/test.js [PAGE] [CHROMIUM]
const { chromium } = require("playwright-core");
const assert = require("node:assert");
const path = require("node:path");

const file = path.resolve(process.argv[2] ?? "target/web/nivis.html");
const executablePath = process.argv[3] ?? "/usr/bin/chromium";

async function main() {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, offline: true });
  const page = await context.newPage();
  page.on("pageerror", (error) => { throw error; });
  const last = () => page.locator(".entry").last();
  const type = async (text) => {
    const count = await page.locator(".entry").count();
    await page.fill("#input", text);
    await page.press("#input", "Enter");
    await page.waitForFunction(
      (count) => document.querySelectorAll(".entry").length > count && !document.querySelector("#run").hidden, count);
    return (await last().innerText()).split("\n").slice(1).join("\n").trim();
  };

  // A link carries a program.
  await page.goto(`file://${file}#code=${encodeURIComponent("1 + 1")}`);
  await page.waitForSelector(".entry pre:not(.typed)");
  assert.match(await page.textContent(".entry"), /1 \+ 12/);

  // Values, bindings, thunks, and a small library.
  assert.equal(await type("x = { a = 1 + 2; b = [ 1 (throw \"no\") ]; }"), "Bound x.");
  assert.match(await type(":lazy x"), /a = «thunk 1 \+ 2»/);
  assert.equal(await type("lib.sum (lib.range 1 100)"), "5050");
  assert.match(await type(":access x.b.0"), /-A x\.b\.0\s+1$/);

  // Errors have ranges and help.
  assert.match(await type("1 + nope"), /undefined variable 'nope'/);
  assert.equal(await last().locator("mark").first().textContent(), "nope");
  assert.match(await type("[1, 2]"), /separated by spaces/);

  // Steps have a slider, also by keys; names of the session are a part of the program.
  await type("fact = n: if n == 0 then 1 else n * fact (n - 1)");
  await type(":step fact 2");
  const steps = last().locator(".steps");
  await steps.locator("input").focus();
  await page.keyboard.press("End");
  assert.equal((await steps.locator(".program").textContent()).trim(), "2");
  await page.keyboard.press("Home");
  assert.match(await steps.locator(".redex").first().textContent(), /fact/);

  // A click on a thunk evaluates it.
  await type(":graph let y = 1 + 1; in { a = y; b = y * 2; }");
  assert.equal(await last().locator(".thunk").count(), 2);
  await last().locator(".thunk").first().click();
  await page.waitForFunction(() => document.querySelectorAll(".entry:last-child .thunk").length === 1);

  // What is too deep is an error, and what has no end is stopped; the names are still there.
  assert.match(await type("let f = n: 1 + f (n + 1); in f 0"), /stack|max-call-depth/);
  await page.fill("#input", "builtins.foldl' (a: x: a + builtins.foldl' builtins.add 0 (lib.range 1 100000)) 0 (lib.range 1 100000)");
  await page.press("#input", "Enter");
  await page.waitForTimeout(1000);
  await page.click("#stop");
  await page.waitForFunction(() => !document.querySelector("#run").hidden);
  assert.equal(await type("x.a"), "3");

  // Lessons check what is typed.
  await page.click("#show-lessons");
  await page.locator("#lesson .list button").first().click();
  await page.waitForSelector("#lesson blockquote");
  await type("\"7 dwarfs\"");
  assert.match(await page.textContent("#said"), /✗/);
  await page.locator("#lesson button", { hasText: "Answer" }).click();
  await page.press("#input", "Enter");
  await page.waitForFunction(() => document.querySelector("#lesson h2").textContent.includes("2 of"));

  // On a phone nothing is wider than the screen.
  await page.setViewportSize({ width: 375, height: 700 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await browser.close();
  console.log("1 passed, 0 failed");
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
