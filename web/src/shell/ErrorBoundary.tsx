/** Keeps what fails within its bounds: in its place stands what to do, and all else goes on. */

import { Component, type ReactNode } from "react";

export interface ErrorBoundaryProps {
  /** What stands in the place of what failed. `retry` shows the children anew. */
  readonly fallback: (error: unknown, retry: () => void) => ReactNode;
  /** Called before the children are shown anew. */
  readonly onRetry?: () => void;
  readonly children: ReactNode;
}

interface Caught {
  readonly failure: { readonly error: unknown } | null;
}

export class ErrorBoundary extends Component<ErrorBoundaryProps, Caught> {
  override state: Caught = { failure: null };

  static getDerivedStateFromError(error: unknown): Caught {
    return { failure: { error } };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    return failure === null ? this.props.children : this.props.fallback(failure.error, this.retry);
  }

  private readonly retry = (): void => {
    this.props.onRetry?.();
    this.setState({ failure: null });
  };
}
