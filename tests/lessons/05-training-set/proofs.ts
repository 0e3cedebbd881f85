import type { Proofs } from "@tunebook/notebook";
import type { checks } from "../../../lessons/05-training-set/checks.ts";
import * as solutions from "../../../lessons/05-training-set/solutions.ts";

/** Answers that prove the checks of lesson 05. */
export const proofs: Proofs<typeof checks> = {
  distance: {
    right: [
      (all, drawn) => {
        // What is too much in the draw: as much as is missing from it.
        const [a, b] = [shares(all), shares(drawn)];
        return sum(b.map((share, i) => Math.max(0, share - a[i]!)));
      },
      (all, drawn) => {
        const [a, b] = [shares(all), shares(drawn)];
        return 1 - sum(a.map((share, i) => Math.min(share, b[i]!)));
      },
    ],
    wrong: {
      counts: (all, drawn) => sum(all.map((count, i) => Math.abs(count - drawn[i]!))) / 2,
      doubled: (all, drawn) => 2 * solutions.distance(all, drawn),
      signed: (all, drawn) => sum(shares(all).map((share, i) => share - shares(drawn)[i]!)) / 2,
      largest: (all, drawn) =>
        Math.max(...shares(all).map((share, i) => Math.abs(share - shares(drawn)[i]!))),
      mean: (all, drawn) => 2 * solutions.distance(all, drawn) / all.length,
    },
  },
  stratifiedDraw: {
    right: [
      (kinds, count, random) => {
        const names = [...new Set(kinds)];
        const exact = names.map((name) =>
          count * kinds.filter((kind) => kind === name).length / kinds.length
        );
        const take = exact.map(Math.floor);
        while (sum(take) < count) {
          const cut = exact.map((share, i) => share - take[i]!);
          take[cut.indexOf(Math.max(...cut))]!++;
        }
        const drawn = new Set<number>();
        for (const [i, name] of names.entries()) {
          for (let left = take[i]!; left > 0;) {
            const at = Math.floor(random() * kinds.length);
            if (kinds[at] !== name || drawn.has(at)) continue;
            drawn.add(at);
            left--;
          }
        }
        return [...drawn];
      },
      (kinds, count, random) => {
        const order = kinds.map((_, i) => ({ i, at: random() })).sort((a, b) => a.at - b.at);
        const left = counts(kinds, count);
        return order.map(({ i }) => i).filter((i) => {
          const more = left.get(kinds[i]!)!;
          left.set(kinds[i]!, more - 1);
          return more > 0;
        });
      },
    ],
    wrong: {
      repeated: (kinds, count, random) =>
        [...counts(kinds, count)].flatMap(([name, take]) => {
          const own = [...kinds.keys()].filter((i) => kinds[i] === name);
          return Array.from({ length: take }, () => own[Math.floor(random() * own.length)]!);
        }),
      too_few: (kinds, count, random) =>
        drawOf(kinds, random, (size) => Math.floor(count * size / kinds.length)),
      too_many: (kinds, count, random) =>
        drawOf(kinds, random, (size) => Math.ceil(count * size / kinds.length)),
      equal_shares: (kinds, count, random) =>
        drawOf(kinds, random, () => count / new Set(kinds).size),
      by_chance: (kinds, count, random) => drawOf(kinds.map(() => "any"), random, () => count),
      first_ones: (kinds, count) => {
        const left = counts(kinds, count);
        return [...kinds.keys()].filter((i) => {
          const more = left.get(kinds[i]!)!;
          left.set(kinds[i]!, more - 1);
          return more > 0;
        });
      },
    },
  },
  extrapolate: {
    right: [
      (sizes, errors, size) => {
        // The normal equations of ln error = a + b ln size.
        const x = sizes.map(Math.log), y = errors.map(Math.log), n = x.length;
        const sxx = sum(x.map((one) => one * one)), sxy = sum(x.map((one, i) => one * y[i]!));
        const b = (n * sxy - sum(x) * sum(y)) / (n * sxx - sum(x) ** 2);
        return Math.exp((sum(y) - b * sum(x)) / n) * size ** b;
      },
      (sizes, errors, size) => {
        const x = sizes.map(Math.log2), y = errors.map(Math.log2);
        return 2 ** line(x, y, Math.log2(size));
      },
    ],
    wrong: {
      straight: (sizes, errors, size) => line(sizes, errors, size),
      still_log: (sizes, errors, size) =>
        line(sizes.map(Math.log), errors.map(Math.log), Math.log(size)),
      flat: (_sizes, errors) => errors.at(-1)!,
      two_points: (sizes, errors, size) => {
        const power = Math.log(errors[0]! / errors.at(-1)!) / Math.log(sizes.at(-1)! / sizes[0]!);
        return errors[0]! * (size / sizes[0]!) ** -power;
      },
    },
  },
  buyNext: {
    right: [
      (world, have, count) => {
        const now = [...have];
        for (let total = sum(have), end = total + count; total < end; total++) {
          let furthest = 0;
          for (const kind of world.keys()) {
            const behind = (k: number) => world[k]! - now[k]! / total;
            if (behind(kind) > behind(furthest)) furthest = kind;
          }
          now[furthest]!++;
        }
        return now.map((number, kind) => number - have[kind]!);
      },
      (world, have, count) => {
        if (count === 0) return have.map(() => 0);
        const total = sum(have);
        const order = [...world.keys()].sort((a, b) =>
          (world[b]! - have[b]! / total) - (world[a]! - have[a]! / total)
        );
        const next = have.map((number, kind) => kind === order[0] ? number + 1 : number);
        const rest = solutions.buyNext(world, next, count - 1);
        return rest.map((number, kind) => kind === order[0] ? number + 1 : number);
      },
    ],
    wrong: {
      all_of_one: (world, have, count) => {
        const behind = world.map((share, kind) => share - shares(have)[kind]!);
        const furthest = behind.indexOf(Math.max(...behind));
        return have.map((_, kind) => kind === furthest ? count : 0);
      },
      by_world: (world, _have, count) => world.map((share) => Math.round(share * count)),
      equally: (_world, have, count) => have.map(() => count / have.length),
      afterwards: (world, have, count) =>
        solutions.buyNext(world, have, count).map((bought, kind) => have[kind]! + bought),
    },
  },
};

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function shares(counts: readonly number[]): number[] {
  return counts.map((count) => count / sum(counts));
}

/** How many of each kind a stratified draw has. */
function counts(kinds: readonly string[], count: number): Map<string, number> {
  const drawn = solutions.stratifiedDraw(kinds, count, () => 0.5);
  return new Map(
    [...new Set(kinds)].map((kind) => [kind, drawn.filter((i) => kinds[i] === kind).length]),
  );
}

/** A draw of as many of each kind as its size says. */
function drawOf(kinds: readonly string[], random: () => number, take: (size: number) => number) {
  return [...Map.groupBy(kinds.keys(), (i) => kinds[i]!).values()].flatMap((own) =>
    own.map((i) => ({ i, at: random() })).sort((a, b) => a.at - b.at)
      .slice(0, take(own.length)).map(({ i }) => i)
  );
}

function line(x: readonly number[], y: readonly number[], at: number): number {
  const [mx, my] = [sum(x) / x.length, sum(y) / y.length];
  const slope = sum(x.map((one, i) => (one - mx) * (y[i]! - my))) /
    sum(x.map((one) => (one - mx) ** 2));
  return my + slope * (at - mx);
}
