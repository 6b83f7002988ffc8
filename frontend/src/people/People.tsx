/** Who else is on the board: press a person to see what they see; whoever is followed is told by whom. */
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import { useEffect, useRef, useState } from "react";
import type { Session } from "../sync/session";
import { Follow } from "./follow";
import "./people.css";
import { followersOf, type Person, peopleOf } from "./who";

interface Props {
  api: ExcalidrawImperativeAPI;
  session: Session;
  onPresence(tell: () => void): () => void;
}

export function People({ api, session, onPresence }: Props) {
  const [people, setPeople] = useState<readonly Person[]>([]);
  const [followers, setFollowers] = useState("");
  const [following, setFollowing] = useState<number | null>(null);
  const [said, say] = useState("");
  const follow = useRef<Follow | null>(null);

  useEffect(() => {
    const made = new Follow(api, session, () => setFollowing(made.following));
    follow.current = made;
    const look = () => {
      made.look();
      const now = peopleOf(session);
      setPeople((was) => (JSON.stringify(was) === JSON.stringify(now) ? was : now));
      setFollowers(followersOf(session));
    };
    look();
    const stop = onPresence(look);
    const keys = ({ key, defaultPrevented }: KeyboardEvent) => {
      if (key === "Escape" && !defaultPrevented && made.following !== null) made.follow(null);
    };
    document.addEventListener("keydown", keys);
    return () => {
      stop();
      document.removeEventListener("keydown", keys);
      made.stop();
    };
  }, [api, onPresence, session]);

  const followed = people.find(({ client }) => client === following);
  const name = followed?.name ?? "";
  const was = useRef("");
  useEffect(() => {
    if (name) say(`You follow ${name}. Escape or moving the board stops.`);
    else if (was.current) say(`You no longer follow ${was.current}.`);
    was.current = name;
  }, [name]);

  return (
    <>
      {followers && <span className="people__followed">{followers}</span>}
      <span className="people__said" role="status">
        {followers ? `${followers}. ` : ""}
        {said}
      </span>
      {people.length > 0 && (
        <ul className="people-list" aria-label="Others on the board">
          {people.map(({ id, name: who, color, client }) => (
            <li key={id}>
              <button
                type="button"
                className="people-list__person"
                title={client === following ? `Stop following ${who}` : `Follow ${who}: see what they see`}
                aria-label={`Follow ${who}`}
                aria-pressed={client === following}
                ref={(button) => button?.style.setProperty("--person", color)}
                onClick={() => follow.current?.follow(client === following ? null : client)}
              >
                <span className="people-list__mark" aria-hidden="true">
                  {[...who.trim()][0]?.toUpperCase() ?? "?"}
                </span>
                <span className="people-list__name">{who}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
