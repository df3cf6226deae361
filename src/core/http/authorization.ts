/** How requests prove who sends them. */
export interface Credentials {
  /** Headers for one request; `renew` asks for a new login after the frontend answered 401. */
  headers(renew: boolean): Promise<Record<string, string>>;
  /** Name of the user the requests are made as. */
  username(): Promise<string>;
}
