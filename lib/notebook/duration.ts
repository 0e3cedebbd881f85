/** A length of time in the shortest usual form: "0.4 s", "12 s", "3:05", "1:02:09". */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (Math.round(seconds) < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const tail = two(whole % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${minutes}:${tail}`;
}

/** How fast something goes: "240/s", "3.2/s", or "4.1 s each" when it is slow. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 1) {
    return `${perSecond >= 10 ? Math.round(perSecond) : perSecond.toFixed(1)}/s`;
  }
  return `${formatDuration(1000 / perSecond)} each`;
}
