/** None, after something was done: what Python's methods return that only change their value. */
export function none(_done: unknown): null {
  return null;
}
