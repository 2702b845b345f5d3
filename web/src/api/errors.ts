/** What can go wrong with a call to the server. */

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** Which field of the request is wrong, where the server says so. */
  readonly param: string | null;

  constructor(status: number, code: string, message: string, param: string | null = null) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.param = param;
  }
}

/** There was no answer: the server is gone, or the network to it. */
export class Unreachable extends Error {
  constructor() {
    super("The server does not answer.");
    this.name = "Unreachable";
  }
}
