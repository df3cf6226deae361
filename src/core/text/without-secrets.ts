/** An address without user and password, for logs and messages (security: C28). */
export function withoutSecrets(url: string): string {
  // The last @ ends the password: it may hold others.
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1");
}
