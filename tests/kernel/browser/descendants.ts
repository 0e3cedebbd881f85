/**
 * The processes that a process has started, and those that these have started.
 *
 * @module
 */

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** The ids of a process's descendants whose command line matches. */
export async function descendants(ancestor: number, command: RegExp): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-Ao", "pid=,ppid=,args="] }).output();
  const all = new TextDecoder().decode(stdout).split("\n").flatMap((line): Process[] => {
    const found = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return found ? [{ pid: Number(found[1]), parent: Number(found[2]), command: found[3]! }] : [];
  });
  const family = new Set([ancestor]);
  for (let before = 0; before !== family.size;) {
    before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  family.delete(ancestor);
  return all.filter((each) => family.has(each.pid) && command.test(each.command))
    .map(({ pid }) => pid);
}
