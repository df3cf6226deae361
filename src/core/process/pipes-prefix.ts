/** What names of directories begin with in which pipes are made, for a moment; what is older was left by a program that was killed. */
export const PIPES_PREFIX = "copr-pipes-";
