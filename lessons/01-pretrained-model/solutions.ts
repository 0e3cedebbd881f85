/**
 * One good answer to each exercise of lesson 01; yours may look different and be as good.
 *
 * @module
 */

/** Exercise 1. Every text is a row of questions with answers: no one had to write labels. */
export function nextTokenTasks(
  tokens: readonly number[],
): { context: number[]; target: number }[] {
  return tokens.slice(1).map((target, i) => ({ context: tokens.slice(0, i + 1), target }));
}

/** Exercise 2. */
export function perplexity(probabilities: readonly number[]): number {
  const surprise = probabilities.reduce((sum, p) => sum - Math.log(p), 0);
  return Math.exp(surprise / probabilities.length);
}

/** Exercise 3. Taking the largest score off first keeps the exponentials from overflowing. */
export function withTemperature(scores: readonly number[], temperature: number): number[] {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp((score - most) / temperature));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** Exercise 4. The softmax says what the model believes; the gradient, what it should have. */
export function lossByHand(
  logits: readonly number[][],
  tokens: readonly number[],
): { loss: number; gradient: number[][] } {
  const predictions = tokens.length - 1;
  let loss = 0;
  const gradient = logits.map((row, t) => {
    const target = tokens[t + 1];
    if (target === undefined) return row.map(() => 0);
    const shares = withTemperature(row, 1);
    loss -= Math.log(shares[target]!) / predictions;
    return shares.map((share, token) => (share - (token === target ? 1 : 0)) / predictions);
  });
  return { loss, gradient };
}
