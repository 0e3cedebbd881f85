/**
 * What this process holds of the machine's memory, in bytes.
 *
 * @module
 */
import process from "node:process";

/** Now. */
export function resident(): number {
  return Deno.memoryUsage().rss;
}

/** The most so far. */
export function peak(): number {
  if (Deno.build.os === "linux") {
    const status = Deno.readTextFileSync("/proc/self/status");
    return Number(status.match(/VmHWM:\s+(\d+)/)![1]) * 1024;
  }
  return process.resourceUsage().maxRSS * 1024;
}
