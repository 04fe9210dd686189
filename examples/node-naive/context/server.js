const express = require("express");

const app = express();

app.get("/", (request, response) => {
  response.send("Hello World");
});

app.listen(80, () => console.log("listening on port 80"));
