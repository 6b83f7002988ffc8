/** Who is on the board besides us, and who of them follows us. */
import type { Session } from "../sync/session";

export interface Person {
  id: string;
  name: string;
  color: string;
  /** The connection of theirs that is followed when this person is pressed. */
  client: number;
}

/** Return everybody else once: with the connection we follow, else, for those with several tabs, the one that came last. */
export function peopleOf({ peers, presence, told }: Pick<Session, "presence" | "peers" | "told">): readonly Person[] {
  return peers.map(({ id, name, color }) => {
    const clients = [...presence].filter(([, { user }]) => user?.id === id).map(([client]) => client);
    const kept = clients.find((client) => client === told.follows);
    return { id, name, color, client: kept ?? (clients.at(-1) as number) };
  });
}

/** Return the sentence that says who follows us, empty when nobody does. */
export function followersOf({ presence, connection }: Pick<Session, "presence" | "connection">): string {
  const names = new Set<string>();
  for (const { user, follows } of presence.values()) {
    if (follows === connection && user?.name) names.add(user.name);
  }
  const all = [...names];
  if (!all.length) return "";
  return all.length === 1 ? `${all[0]} follows you` : `${all.slice(0, -1).join(", ")} and ${all.at(-1)} follow you`;
}
