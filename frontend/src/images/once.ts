/** Pictures that this page has fetched: its board, its replay and its versions share them. */
import { fetched } from "./server";

const asked = new Map<string, Promise<Blob | null>>();

/** As `fetched`, for a whole picture; who asks again, or meanwhile, gets what came the first time. */
export function fetchedOnce(path: string, id: string): Promise<Blob | null> {
  const address = `${path}${id}/`;
  const known = asked.get(address);
  if (known) return known;
  const answer = fetched(path, id, true);
  const forget = () => asked.delete(address);
  asked.set(address, answer);
  answer.then((blob) => blob ?? forget(), forget);
  return answer;
}
