/** Where a scenario stands, while it runs: one line that is written over on a terminal, else a line a step. */
export interface Progress {
  step(text: string): void;
  /** A part of the step, shown on a terminal only. */
  part(text: string): void;
  /** A line that stays. */
  line(text: string): void;
}

export function progress(out: NodeJS.WriteStream): Progress {
  let step = '';
  const over = (text: string): void => {
    const { columns = 80 } = out;
    out.write(`\r\x1b[K${text.slice(0, columns - 1)}`);
  };
  if (!out.isTTY)
    return {
      step: text => void out.write(`     ${text}\n`),
      part: () => undefined,
      line: text => void out.write(`${text}\n`),
    };
  return {
    step: text => over((step = text)),
    part: text => over(`${step}: ${text}`),
    line: text => void out.write(`\r\x1b[K${text}\n`),
  };
}
