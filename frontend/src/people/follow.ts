/**
 * Follow-me: seeing what somebody else sees. Who follows says whom in their presence; who is followed then
 * tells their view, at most twice a second, and stops telling when nobody follows any more.
 */
import { CaptureUpdateAction, getVisibleSceneBounds, zoomToFitBounds } from "@excalidraw/excalidraw";
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { socketOf, viewOf } from "../presence";
import type { Session } from "../sync/session";

const VIEW_MS = 500;

export class Follow {
  private telling: (() => void) | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private shown = "";
  private readonly stops: (() => void)[];

  constructor(
    private readonly api: ExcalidrawImperativeAPI,
    private readonly session: Session,
    private readonly changed: () => void,
  ) {
    this.stops = [
      // The editor stops following when this person moves the view or draws, and when the other one leaves.
      api.onUserFollow(({ action, userToFollow }) => {
        if (action !== "UNFOLLOW" || userToFollow.socketId !== socketOf(this.following ?? -1)) return;
        session.tell("follows", null);
        this.tell();
        changed();
      }),
    ];
    this.look();
  }

  /** The connection that is followed. */
  get following(): number | null {
    return this.session.told.follows ?? null;
  }

  stop(): void {
    this.session.tell("viewport", null);
    this.telling?.();
    clearTimeout(this.timer);
    for (const stop of this.stops) stop();
  }

  /** Follow a connection from now on; null follows nobody. */
  follow(client: number | null): void {
    const name = client === null ? "" : (this.session.presence.get(client)?.user?.name ?? "");
    this.session.tell("follows", client);
    this.shown = "";
    this.mark(client, name);
    this.changed();
    this.tell();
    this.look();
  }

  /** Let the editor show whom we follow. */
  private mark(client: number | null, username: string): void {
    this.api.updateScene({
      appState: { userToFollow: client === null ? null : { socketId: socketOf(client), username } },
      captureUpdate: CaptureUpdateAction.NEVER,
    });
  }

  /** Call when anybody's presence has changed. */
  look(): void {
    const isFollowed = [...this.session.presence.values()].some(({ follows }) => follows === this.session.connection);
    if (isFollowed && !this.telling) {
      this.telling = this.api.onScrollChange(() => this.tellSoon());
      this.tell();
    } else if (!isFollowed && this.telling) {
      this.telling();
      this.telling = null;
      this.session.tell("viewport", null);
    }
    this.show();
  }

  private tellSoon(): void {
    this.timer ??= setTimeout(() => this.tell(), VIEW_MS);
  }

  private tell(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.telling) return;
    // Who follows shows no view of their own: two who follow each other would zoom out for ever.
    if (this.following !== null) return this.session.tell("viewport", null);
    const [left, top, right, bottom] = getVisibleSceneBounds(this.api.getAppState());
    const whole = (value: number) => Math.round(value);
    this.session.tell("viewport", [whole(left), whole(top), whole(right), whole(bottom)]);
  }

  /** Show what the followed person sees. */
  private show(): void {
    const client = this.following;
    if (client === null) {
      // Still shown as followed although we no longer do: the connection was begun anew.
      if (this.api.getAppState().userToFollow) this.mark(null, "");
      return;
    }
    const there = this.session.presence.get(client);
    if (!there) return this.follow(null);
    const view = viewOf(there);
    if (!view || view.join() === this.shown) return;
    this.shown = view.join();
    const bounds = [...view] as Parameters<typeof zoomToFitBounds>[0]["bounds"];
    const { scrollX, scrollY, zoom } = zoomToFitBounds({
      appState: this.api.getAppState(),
      bounds,
      fitToViewport: true,
      viewportZoomFactor: 1,
    }).appState;
    this.api.updateScene({ appState: { scrollX, scrollY, zoom }, captureUpdate: CaptureUpdateAction.NEVER });
  }
}
