// Starts the app. A file of its own, because the Content-Security-Policy allows no inline script.
// Trunk writes the addresses of the glue code and of the Wasm module into this script element's data attributes
// (`pattern_script` in Trunk.toml); they are relative, so the page works under any sub-path.
const element = document.querySelector("script[data-js][data-wasm]");
const { js, wasm } = element.dataset;

try {
  const glue = await import(new URL(js, document.baseURI).href);
  await glue.default({ module_or_path: new URL(wasm, document.baseURI) });
} catch (error) {
  // Without the app there is nothing that could show this, so say it in plain markup.
  const message = document.createElement("p");
  message.setAttribute("role", "alert");
  message.textContent = `Dockerfile Lab could not start: ${error}`;
  document.body.append(message);
  throw error;
}
