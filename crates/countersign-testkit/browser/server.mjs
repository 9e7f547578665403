// `countersign dev` as a child process, on a folder and a port of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** Starts the program and resolves once it has printed the page's address. */
export async function start(program, folder, ...more) {
  const child = spawn(program, ["dev", "--no-browser", "--data", folder, ...more], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const address = new Promise((resolve, reject) => {
    lines.on("line", (line) => {
      const found = line.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) resolve(found[0]);
    });
    child.once("exit", (code) => reject(new Error(`countersign dev ended with ${code}`)));
  });
  return { url: await address, kill: () => kill(child) };
}

/** No farewell: the process is gone from one moment to the next. */
async function kill(child) {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
