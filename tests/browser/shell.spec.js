// The shell on a step: its ways in, its keys, its end; and what a step prints while it runs.
import { editor, expect, expectState, goTo, keep, open, openExample, row, test, toast } from "./lab.js";

const FAILING = "FROM alpine\nRUN set -e; name=lab; echo before > /f; cd /etc; cat /none; echo after > /f\n";

/** Writes the Dockerfile anew. */
async function write(page, text) {
  await editor(page).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

const line = (page) => page.locator(".sh-in");
const log = (page) => page.locator('[role="log"]');
const status = (page) => page.locator(".sh-status");

/** Types a line and waits until the shell waits for the next. */
async function type(page, text) {
  await line(page).focus();
  await page.keyboard.insertText(text);
  await page.keyboard.press("Enter");
  await ready(page);
}

async function ready(page) {
  await expect(line(page)).toBeEditable({ timeout: 20_000 });
}

/** Opens a shell on the failed step. */
async function openFailed(page) {
  await open(page);
  await write(page, FAILING);
  await expectState(page, "set -e", "fail");
  await page.getByRole("button", { name: "Open a shell here" }).click();
  await ready(page);
}

test("a failed step opens just before the command that failed, and knows what the script knew", async ({ page }) => {
  await openFailed(page);
  await expect(page.locator(".sh-where")).toContainText("The state just before cat /none");
  await expect(line(page)).toBeFocused();
  await expect(page.locator(".sh-line b")).toHaveText("/etc # ");
  await type(page, "cat /f; echo $name");
  await expect(log(page)).toContainText("before");
  await expect(log(page)).toContainText("lab");
  await type(page, "cat /none");
  await expect(page.locator(".sh-err").last()).toContainText("cat: can't open '/none': No such file or directory");
  await expect(status(page)).toContainText("1");
  await expect(page.locator(".sh-foot")).toContainText("no file changed");
  await type(page, "echo x > /new; rm /f");
  await expect(page.locator(".sh-changed summary")).toHaveText("2 files changed");
  await page.locator(".sh-changed summary").click();
  await expect(page.locator(".sh-changed li")).toHaveText(["D/f", "A/new"]);
});

test("keys: history, completion, more lines, Ctrl+C, Ctrl+L, exit", async ({ page }) => {
  await openFailed(page);
  await type(page, "echo one");
  await type(page, "echo two");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(line(page)).toHaveValue("echo one");
  await page.keyboard.press("ArrowDown");
  await expect(line(page)).toHaveValue("echo two");
  await page.keyboard.press("ArrowDown");
  await expect(line(page)).toHaveValue("");
  await page.keyboard.insertText("cat /etc/pass");
  await page.keyboard.press("Tab");
  await expect(line(page)).toHaveValue(/^cat \/etc\/passwd/);
  await page.keyboard.press("Control+c");
  await expect(log(page)).toContainText("^C");
  await expect(line(page)).toHaveValue("");
  await page.keyboard.insertText("for i in 1 2 3");
  await page.keyboard.press("Enter");
  await expect(page.locator(".sh-line b")).toHaveText("> ");
  await type(page, "do echo number $i; done");
  await expect(log(page)).toContainText("number 3");
  await page.keyboard.press("Control+l");
  await expect(log(page)).toBeEmpty();
  // An empty line is no trap for the key.
  await page.keyboard.press("Tab");
  await expect(line(page)).not.toBeFocused();
  await type(page, "false");
  await expect(status(page)).toContainText("1");
  await line(page).focus();
  await page.keyboard.insertText("exit 7");
  await page.keyboard.press("Enter");
  await expect(log(page)).toContainText("The shell has ended with status 7.");
  await page.getByRole("button", { name: "Open it again" }).click();
  await ready(page);
  await type(page, "cat /f");
  await expect(log(page)).toContainText("before");
});

test("a step that is done opens in its result, each in its own", async ({ page }) => {
  await openExample(page, "node-naive");
  await row(page, "WORKDIR /app").click();
  await page.getByRole("button", { name: "Open a shell", exact: true }).click();
  await ready(page);
  await expect(page.locator(".sh-where")).toContainText("The result of WORKDIR /app");
  await type(page, "ls");
  await expect(log(page)).toContainText("server.js");
  await expect(log(page)).not.toContainText("node_modules");
  await type(page, "rm -r /app/*");
  await page.getByRole("button", { name: "Close the shell" }).click();
  await expect(line(page)).toHaveCount(0);
  // By key; and nothing that was done there stayed.
  await row(page, "npm install").click();
  await page.keyboard.press("Control+`");
  await ready(page);
  await type(page, "ls");
  await expect(log(page)).toContainText("node_modules");
  await expect(log(page)).toContainText("server.js");
  await keep(page, 2);
  await expectState(page, "npm install", "hit");
});

test("Stop ends an endless command, and the shell comes back as it was before it", async ({ page }) => {
  await openFailed(page);
  await type(page, "x=kept; echo y > /y; cd /tmp");
  await page.keyboard.insertText("while :; do while :; do yes | head -100000 > /dev/null; done; done");
  await page.keyboard.press("Enter");
  await expect(page.locator(".sh-head .stop")).toBeVisible();
  await page.keyboard.press("Control+c");
  await expect(log(page)).toContainText("Stopped.");
  await ready(page);
  await expect(status(page)).toContainText("130");
  await expect(page.locator(".sh-line b")).toHaveText("/tmp # ");
  await type(page, "echo $x; cat /y");
  await expect(log(page)).toContainText("kept");
});

test("a limit of the lab ends a command and says so", async ({ page }) => {
  await openFailed(page);
  await type(page, "while :; do :; done");
  await expect(log(page)).toContainText("Interrupted by a limit of the lab: stopped after 2000000 steps");
  await expect(status(page)).toContainText("130");
});

test("a reload throws the shell away and nothing else", async ({ page }) => {
  await openFailed(page);
  await type(page, "echo x > /x");
  await page.waitForTimeout(600);
  await page.reload();
  await expectState(page, "set -e", "fail");
  await expect(line(page)).toHaveCount(0);
  await expect(page.getByRole("tab", { name: "Shell", exact: true })).toHaveCount(0);
});

test("where there is no shell the page says so", async ({ page }) => {
  await open(page);
  await write(page, "FROM scratch\nCOPY . /\n");
  await expect(row(page, "COPY . /")).toBeVisible();
  await row(page, "COPY . /").click();
  await page.getByRole("button", { name: "Open a shell", exact: true }).click();
  await expect(page.locator(".toast")).toContainText("No shell opens here");
  await expect(line(page)).toHaveCount(0);
});

test("what is not simulated is marked at its row and counted", async ({ page }) => {
  await open(page);
  await write(page, "FROM alpine\nRUN cp /etc/passwd /p && apk --version && modinfo loop\n");
  const step = row(page, "RUN cp");
  await expect(step).toContainText("not simulated");
  await step.click();
  await expect(page.locator(".insp h2", { hasText: "What ran" })).toContainText("2 executed · 1 modelled · 1 not simulated");
});

test("a failed step is reported as BuildKit prints it", async ({ page }) => {
  await open(page);
  await write(page, "FROM alpine\nRUN echo hi && false\n");
  await expectState(page, "echo hi", "fail");
  const report = await page.locator("pre.xc").textContent();
  expect(report.split("\n").map((text) => text.trimEnd()).slice(0, 10).join("\n")).toContain(
    "------\n > [2/2] RUN echo hi && false:\nhi\n------\nDockerfile:2\n--------------------",
  );
  expect(report).toContain('ERROR: failed to solve: process "/bin/sh -c echo hi && false" did not complete successfully: exit code: 1');
});

test("a step that takes long shows what it prints, and can be stopped", async ({ page }) => {
  await open(page);
  await write(page, "FROM alpine\nRUN i=0; while [ $i -lt 400000 ]; do i=$((i+1)); echo line $i; done\n");
  await expect(page.locator(".dock .log")).toContainText("is running", { timeout: 20_000 });
  await expect(page.locator(".dock .log")).toContainText("line 1");
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.locator(".toast")).toContainText("Stopped");
  await goTo(page, page, "FROM alpine");
});

test("a reload says that it closed the shell, and opens it again as it was", async ({ page }) => {
  await openExample(page, "node-naive");
  await row(page, "npm install").click();
  await page.getByRole("button", { name: "Open a shell" }).click();
  await ready(page);
  await type(page, "cd /srv");
  await type(page, "echo kept > note");
  await page.reload();
  const said = toast(page, "The reload closed the shell on RUN npm install.");
  await expect(said).toBeVisible();
  await expect(row(page, "npm install")).toBeVisible();
  // Who loads the page anew once more is told again.
  await page.reload();
  await expect(row(page, "npm install")).toBeVisible();
  await said.getByRole("button", { name: "Open it again" }).click();
  await ready(page);
  await expect(log(page)).toContainText("echo kept > note");
  await expect(page.locator(".sh-where")).toContainText("The result of RUN npm install");
  await expect(page.locator(".sh-line b")).toHaveText("/srv # ");
  await type(page, "cat note");
  await expect(log(page).locator(".sh-out").last()).toHaveText("kept");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(line(page)).toHaveValue("echo kept > note");
  // What was closed by hand is not offered.
  await page.getByRole("button", { name: "Close the shell" }).click();
  await page.reload();
  await expect(row(page, "npm install")).toBeVisible();
  await expect(toast(page, "The reload closed the shell")).toHaveCount(0);
});
