/**
 * One good answer to each exercise of lesson 05; yours may look different and be as good.
 *
 * @module
 */

/** Exercise 1. This is called the total variation distance. */
export function distance(all: readonly number[], drawn: readonly number[]): number {
  const whole = sum(all), part = sum(drawn);
  return sum(all.map((count, i) => Math.abs(drawn[i]! / part - count / whole))) / 2;
}

/** Exercise 2. Handing the free places to the largest remainders is how many parliaments do it. */
export function stratifiedDraw(
  kinds: readonly string[],
  count: number,
  random: () => number,
): number[] {
  const strata = [...Map.groupBy(kinds.keys(), (i) => kinds[i]!).values()].map((members) => {
    const exact = count * members.length / kinds.length;
    return { members, take: Math.floor(exact), cut: exact % 1 };
  });
  const free = count - sum(strata.map(({ take }) => take));
  for (const stratum of strata.toSorted((a, b) => b.cut - a.cut).slice(0, free)) stratum.take++;
  return strata.flatMap(({ members, take }) => shuffled(members, random).slice(0, take));
}

/** Exercise 3. */
export function extrapolate(
  sizes: readonly number[],
  errors: readonly number[],
  size: number,
): number {
  const x = sizes.map(Math.log), y = errors.map(Math.log);
  const [mx, my] = [sum(x) / x.length, sum(y) / y.length];
  const slope = sum(x.map((one, i) => (one - mx) * (y[i]! - my))) /
    sum(x.map((one) => (one - mx) ** 2));
  return Math.exp(my + slope * (Math.log(size) - mx));
}

/** Exercise 4. */
export function buyNext(
  world: readonly number[],
  have: readonly number[],
  count: number,
): number[] {
  const bought = have.map(() => 0);
  for (let i = 0; i < count; i++) {
    const now = have.map((number, kind) => number + bought[kind]!);
    const behind = world.map((share, kind) => share - now[kind]! / sum(now));
    bought[behind.indexOf(Math.max(...behind))]!++;
  }
  return bought;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/** Fisher and Yates: from the end, each place gets one of those not yet placed. */
function shuffled(items: readonly number[], random: () => number): number[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
