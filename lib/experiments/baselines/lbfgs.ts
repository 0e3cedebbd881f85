/** The value of a function at a point, and its gradient there. */
export type Slope = (point: Float64Array) => { value: number; gradient: Float64Array };

/** How many of the last steps say how the function bends. */
const MEMORY = 10;

/**
 * The lowest point of a smooth convex function, by L-BFGS
 * ([Liu & Nocedal 1989](https://doi.org/10.1007/BF01589116)) with steps halved until they go down
 * enough.
 *
 * @param start Where to begin.
 * @param slope The function.
 * @param tolerance It ends when no element of the gradient is larger.
 * @param most Steps at most.
 */
export function minimize(
  start: Float64Array,
  slope: Slope,
  tolerance = 1e-6,
  most = 1000,
): Float64Array {
  let point = start, { value, gradient } = slope(point);
  const past: { moved: Float64Array; turned: Float64Array; product: number }[] = [];
  for (let step = 0; step < most && largest(gradient) > tolerance; step++) {
    const direction = downhill(gradient, past);
    const slant = dot(direction, gradient);
    let length = past.length === 0 ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient))) : 1;
    let next = along(point, direction, length), found = slope(next);
    while (found.value > value + 1e-4 * length * slant) {
      length /= 2;
      // Below this the function is flat to the last digit: there is nothing left to gain.
      if (length < 1e-12) return point;
      next = along(point, direction, length);
      found = slope(next);
    }
    const moved = along(next, point, -1);
    const turned = along(found.gradient, gradient, -1);
    const product = dot(moved, turned);
    if (product > 0) past.push({ moved, turned, product });
    if (past.length > MEMORY) past.shift();
    [point, value, gradient] = [next, found.value, found.gradient];
  }
  return point;
}

/** Minus the gradient, bent as the last steps say the function is (the two-loop recursion). */
function downhill(
  gradient: Float64Array,
  past: readonly { moved: Float64Array; turned: Float64Array; product: number }[],
): Float64Array {
  let direction = scaled(gradient, -1);
  const shares: number[] = [];
  for (const { moved, turned, product } of past.toReversed()) {
    const share = dot(moved, direction) / product;
    direction = along(direction, turned, -share);
    shares.unshift(share);
  }
  const last = past.at(-1);
  if (last) direction = scaled(direction, last.product / dot(last.turned, last.turned));
  for (const [i, { moved, turned, product }] of past.entries()) {
    direction = along(direction, moved, shares[i]! - dot(turned, direction) / product);
  }
  return direction;
}

// Plain loops: over thousands of elements `map` is ten times as slow.
function along(point: Float64Array, direction: Float64Array, length: number): Float64Array {
  const next = new Float64Array(point.length);
  for (let i = 0; i < next.length; i++) next[i] = point[i]! + length * direction[i]!;
  return next;
}

function scaled(vector: Float64Array, factor: number): Float64Array {
  const result = new Float64Array(vector.length);
  for (let i = 0; i < result.length; i++) result[i] = factor * vector[i]!;
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
