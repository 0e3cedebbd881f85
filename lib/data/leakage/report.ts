import type { Key } from "../splits/fold.ts";
import { nearDuplicates } from "./near_duplicates.ts";

/** What to look for in {@linkcode leakageReport}. */
export interface LeakageOptions {
  /** The group of each record; a group in two parts is a leak. */
  groups?: readonly Key[];
  /** Smallest similarity of two texts that counts as a near-duplicate. Default: 0.7. */
  threshold?: number;
  /** Most examples to give of each kind of leak. Default: 3. */
  examples?: number;
}

/** A pair of texts on two sides of a split. */
export interface LeakedPair {
  /** The parts the two are in. */
  parts: [string, string];
  /** Their positions in the data set. */
  positions: [number, number];
  /** How similar they are, 0 to 1. */
  similarity: number;
  /** The beginnings of both texts. */
  excerpts: [string, string];
}

/** What {@linkcode leakageReport} found. */
export interface LeakageReport {
  /** For each part, the share of its records with a (near-)duplicate in another part. */
  duplicateShare: Record<string, number>;
  /** Pairs of texts in different parts that differ in case or punctuation only. */
  exact: number;
  /** Pairs of texts in different parts that are similar but not the same. */
  near: number;
  /** Groups with records in more than one part. */
  sharedGroups: Key[];
  /** The most similar pairs. */
  examples: LeakedPair[];
  /** The report in a few lines. */
  summary: string;
}

/**
 * Looks for what a split lets through: the same or nearly the same text in two parts, and groups
 * with records in two parts. Either makes a score look better than it will be on new data.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { leakageReport } from "@tunebook/data";
 *
 * const texts = ["Buy our pills today!", "Lunch at noon?", "buy our pills today"];
 * const report = leakageReport(texts, { train: [0, 1], test: [2] });
 * assertEquals(report.exact, 1);
 * assertEquals(report.duplicateShare, { train: 0.5, test: 1 });
 * ```
 *
 * @param texts The text of each record.
 * @param parts Positions of each part, by its name.
 * @param options Groups, threshold, number of examples.
 * @returns Counts, shares, examples and a summary.
 */
export function leakageReport(
  texts: readonly string[],
  parts: Record<string, readonly number[]>,
  options: LeakageOptions = {},
): LeakageReport {
  const { groups, threshold = 0.7, examples = 3 } = options;
  const names = Object.keys(parts);
  const partOf = new Map(
    names.flatMap((name) => parts[name]!.map((position) => [position, name] as const)),
  );
  const pairs = nearDuplicates(texts, {
    threshold,
    compare: (a, b) => partOf.has(a) && partOf.has(b) && partOf.get(a) !== partOf.get(b),
  });
  const leaked = new Set(pairs.flatMap(({ first, second }) => [first, second]));
  const duplicateShare = Object.fromEntries(names.map((name) => {
    const hit = parts[name]!.filter((position) => leaked.has(position)).length;
    return [name, parts[name]!.length === 0 ? 0 : hit / parts[name]!.length];
  }));
  const exact = pairs.filter(({ similarity }) => similarity === 1).length;
  const sharedGroups = groups ? groupsInTwoParts(groups, partOf) : [];
  const report = {
    duplicateShare,
    exact,
    near: pairs.length - exact,
    sharedGroups,
    examples: pairs.slice(0, examples).map(({ first, second, similarity }): LeakedPair => ({
      parts: [partOf.get(first)!, partOf.get(second)!],
      positions: [first, second],
      similarity,
      excerpts: [excerpt(texts[first]!), excerpt(texts[second]!)],
    })),
  };
  return { ...report, summary: summarize(report) };
}

function groupsInTwoParts(groups: readonly Key[], partOf: Map<number, string>): Key[] {
  const seen = new Map<Key, Set<string>>();
  for (const [position, part] of partOf) {
    const group = groups[position]!;
    seen.set(group, (seen.get(group) ?? new Set()).add(part));
  }
  return [...seen].filter(([, inParts]) => inParts.size > 1).map(([group]) => group);
}

function summarize(report: Omit<LeakageReport, "summary">): string {
  const { exact, near, sharedGroups, duplicateShare, examples } = report;
  if (exact + near + sharedGroups.length === 0) return "No leakage found.";
  const shares = Object.entries(duplicateShare).filter(([, share]) => share > 0)
    .map(([name, share]) => `${(100 * share).toFixed(1)} % of ${name}`);
  return [
    `Texts in two parts: ${exact} pairs the same, ${near} nearly the same` +
    (shares.length ? ` (${shares.join(", ")})` : ""),
    `Groups in two parts: ${sharedGroups.length}` +
    (sharedGroups.length ? ` (${sharedGroups.slice(0, 5).join(", ")})` : ""),
    ...examples.map(({ parts, positions, similarity, excerpts }) =>
      `  ${similarity.toFixed(2)}  ${parts[0]} ${positions[0]}: “${excerpts[0]}”  ~  ` +
      `${parts[1]} ${positions[1]}: “${excerpts[1]}”`
    ),
  ].join("\n");
}

function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
