/** A small real server for the board's socket: one document, acks, and switches to misbehave. */
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket as ServerSocket } from "ws";
import * as Y from "yjs";
import * as wire from "../src/sync/wire";

export class Relay {
  readonly doc = new Y.Doc();
  readonly writes: Uint8Array[] = [];
  right: "write" | "read" = "write";
  epoch = 1;
  acks = true;
  rejects = false;
  /** Keep sockets open and answer nothing, as a computer does whose cable was pulled. */
  dead = false;
  /** Close code for whoever comes, or null to let them in. */
  refuses: number | null = null;
  connections = 0;
  private readonly sockets = new Set<ServerSocket>();
  private unacknowledged = 0;

  private constructor(private readonly server: WebSocketServer) {
    server.on("connection", (socket) => this.admit(socket));
  }

  static async open(): Promise<Relay> {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    await new Promise((listening) => server.once("listening", listening));
    return new Relay(server);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}/ws/boards/b1/`;
  }

  drop(code: number): void {
    for (const socket of this.sockets) socket.close(code);
  }

  /** Acknowledge what was held back. */
  acknowledge(): void {
    for (const socket of this.sockets) socket.send(wire.ack(this.unacknowledged));
    this.unacknowledged = 0;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    await new Promise((closed) => this.server.close(closed));
  }

  private admit(socket: ServerSocket): void {
    this.connections += 1;
    if (this.refuses !== null) return socket.close(this.refuses);
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket));
    socket.send(wire.hello({ epoch: this.epoch, right: this.right, head: this.writes.length }));
    socket.send(wire.step1(Y.encodeStateVector(this.doc)));
    socket.on("message", (data: Buffer) => this.take(socket, wire.decode(new Uint8Array(data))));
  }

  private take(socket: ServerSocket, message: wire.Message): void {
    if (this.dead) return;
    const others = [...this.sockets].filter((other) => other !== socket);
    if (message.kind === "step1") socket.send(wire.step2(Y.encodeStateAsUpdate(this.doc, message.stateVector)));
    if (message.kind === "awareness") for (const other of others) other.send(wire.awareness(message.update));
    if (message.kind === "query-awareness") socket.send(wire.awareness(Uint8Array.of(0)));
    if (message.kind !== "update" && message.kind !== "step2") return;
    if (this.rejects) {
      socket.send(wire.reject("not a drawing"));
      return socket.close(4422);
    }
    this.writes.push(message.update);
    Y.applyUpdate(this.doc, message.update);
    for (const other of others) other.send(wire.update(message.update));
    if (this.acks) socket.send(wire.ack(1));
    else this.unacknowledged += 1;
  }
}
