/** Catches a crash of the editor, so that notes, clock and connection go on. */
import { Component, type ReactNode } from "react";

interface Props {
  children: ReactNode;
  onCrash(): void;
}

export class Boundary extends Component<Props, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError(): { crashed: boolean } {
    return { crashed: true };
  }

  override componentDidCatch(error: Error): void {
    console.error(error);
    this.props.onCrash();
  }

  override render(): ReactNode {
    if (!this.state.crashed) return this.props.children;
    return (
      <div className="board-message" role="alert">
        <p>The board stopped. What you drew is kept, and your notes still work.</p>
        <button type="button" onClick={() => this.setState({ crashed: false })}>
          Show the board again
        </button>
      </div>
    );
  }
}
