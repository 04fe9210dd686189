const https = require("https");

const target = process.env.TARGET;
const method = process.env.METHOD;
const interval = Number(process.env.INTERVAL);

console.log(`** web-ping ** pinging ${target}, ${method}, every ${interval} ms`);

let count = 0;
setInterval(() => {
  const started = Date.now();
  count += 1;
  const request = https.request({ hostname: target, method }, (response) => {
    console.log(`${count}: ${response.statusCode} in ${Date.now() - started} ms`);
  });
  request.on("error", (error) => console.error(`${count}: ${error.message}`));
  request.end();
}, interval);
