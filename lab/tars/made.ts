/** The time of every file and directory, so that the same arguments give the same bytes in an archive too. */
export const made = new Date('2024-01-01T00:00:00Z');
