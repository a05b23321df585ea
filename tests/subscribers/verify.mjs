// Reads one JSON line for each request, {key, headers, body in base64}, and prints whether it is verified. The function is
// that of docs/receive.md, which the test writes beside this file.
import { createInterface } from "node:readline";
import { verified } from "./verified.mjs";

for await (const line of createInterface({ input: process.stdin })) {
  const { key, headers, body } = JSON.parse(line);
  console.log(verified(key, headers, Buffer.from(body, "base64")) ? "verified" : "refused");
}
