/** The sign of what held, of what did not, and of what was not run. */
export const SIGNS = { "held": "✓", "failed": "✗", "not-run": "○" } as const;
