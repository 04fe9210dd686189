// What the tests share: opening the page, and watching what it does behind its back.

/** Opens the page (with a query or fragment) and waits until it has drawn itself. */
export async function open(page, rest = "") {
  await page.goto(`./${rest}`);
  await page.locator("h1, main").first().waitFor();
}

/** Collects from now on: errors of console, page and policy as `problems`, and the address of every request. */
export function watch(page) {
  const seen = { problems: [], requests: [] };
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      seen.problems.push(`${message.type()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => seen.problems.push(`uncaught: ${error}`));
  page.on("requestfailed", (request) => seen.problems.push(`failed: ${request.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400) {
      seen.problems.push(`${response.status()}: ${response.url()}`);
    }
  });
  // Also those of workers and frames.
  page.context().on("request", (request) => seen.requests.push(request.url()));
  return seen;
}
