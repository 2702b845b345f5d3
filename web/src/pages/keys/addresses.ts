/** Under which addresses clients reach an account. */

export interface Addresses {
  /** What Azure's clients call the endpoint. */
  readonly azure: string;
  /** The base URL of OpenAI's clients, as Azure has it. */
  readonly azureV1: string;
  /** The same, as OpenAI has it. */
  readonly openai: string;
  /** Of a conversation by voice. */
  readonly realtime: string;
}

export function addressesOf(endpoint: string): Addresses {
  const azure = endpoint.replace(/\/+$/, "");
  return {
    azure,
    azureV1: `${azure}/openai/v1`,
    openai: `${azure}/v1`,
    realtime: `${azure.replace(/^http/, "ws")}/openai/v1/realtime`,
  };
}
