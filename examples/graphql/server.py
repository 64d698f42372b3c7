#!/usr/bin/env python3
"""Rooms over GraphQL: queries and mutations by POST, subscriptions by graphql-transport-ws.

    python3 server.py [--port 8080] [--bug complete-silences-all]

Needs nothing but Python. It knows the operations of its own schema and no others:

    query        { messages(room: String!) { by text } }
    mutation     { say(room: String!, by: String!, text: String!) { by text } }
    subscription { said(room: String!) { by text } }
"""
import argparse
import base64
import hashlib
import json
import re
import struct
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MOST_BYTES = 65536
PING_EVERY, PONG_WITHIN = 0.3, 0.6  # seconds


class Rooms(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open, so every answer says its length
    messages = defaultdict(list)  # by room
    listeners = set()
    guard = threading.Lock()
    bug = None

    def do_GET(self):
        if self.path == "/health":
            return self.reply(200, {"ok": True})
        offered = [it.strip() for it in self.headers.get("sec-websocket-protocol", "").split(",")]
        if self.path != "/graphql" or "sec-websocket-key" not in self.headers:
            return self.reply(404, {"error": "there is /graphql"})
        if "graphql-transport-ws" not in offered:
            return self.reply(400, {"error": "subscriptions speak graphql-transport-ws"})
        self.upgrade("graphql-transport-ws")
        Listener(self).serve()

    def do_POST(self):
        size = self.headers.get("content-length", "")
        if not size.isdigit() or int(size) > MOST_BYTES:
            self.close_connection = True  # its body is still to come, and nobody reads it
            return self.reply(411, {"error": "an operation has a length, and a small one"})
        try:
            field, arguments = operation(json.loads(self.rfile.read(int(size))), "query", "mutation")
        except ValueError as problem:
            return self.reply(200, {"errors": [{"message": str(problem)}]})
        room = arguments["room"]
        if field == "messages":
            return self.reply(200, {"data": {field: self.messages[room]}})
        message = {"by": arguments["by"], "text": arguments["text"]}
        with self.guard:
            self.messages[room].append(message)
            listeners = list(self.listeners)
        for listener in listeners:
            listener.tell(room, message)
        self.reply(200, {"data": {field: message}})

    def upgrade(self, protocol):
        key = self.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
        self.send_header("Sec-WebSocket-Protocol", protocol)
        self.end_headers()
        self.close_connection = True

    def reply(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


FIELDS = {"messages": ("query", {"room"}), "say": ("mutation", {"room", "by", "text"}), "said": ("subscription", {"room"})}


def operation(asked, *kinds):
    """The field that is asked for, and its arguments, which come as variables of their names."""
    text, variables = asked.get("query") or "", asked.get("variables") or {}
    found = re.match(r"\s*(query|mutation|subscription)?[^{]*{\s*(\w+)", text)
    kind, field = (found[1] or "query", found[2]) if found else (None, None)
    if field not in FIELDS or FIELDS[field][0] != kind or kind not in kinds:
        raise ValueError(f"cannot {kind or 'read'} {field or 'this'} here")
    missing = FIELDS[field][1] - variables.keys()
    if missing:
        raise ValueError(f"{field} needs ${sorted(missing)[0]}")
    return field, variables


class Listener:
    """One connection with its subscriptions."""

    def __init__(self, handler):
        self.read, self.connection = handler.rfile, handler.connection
        self.bug = handler.bug
        self.rooms = {}  # by id of the subscription
        self.acknowledged = self.closing = False
        self.sending = threading.Lock()

    def serve(self):
        with Rooms.guard:
            Rooms.listeners.add(self)
        pinging = threading.Event()
        threading.Thread(target=self.ping, args=(pinging,), daemon=True).start()
        try:
            # Whoever answers no ping is gone.
            self.connection.settimeout(PING_EVERY + PONG_WITHIN)
            while (text := self.frame()) is not None:
                self.take(json.loads(text))
        except (OSError, ValueError, KeyError):
            pass
        finally:
            pinging.set()
            with Rooms.guard:
                Rooms.listeners.discard(self)

    def take(self, message):
        kind, name = message["type"], message.get("id")
        if kind == "connection_init" and not self.acknowledged:
            self.acknowledged = True
            self.say({"type": "connection_ack"})
        elif kind == "ping":
            self.say({"type": "pong"})
        elif kind == "subscribe" and not self.acknowledged:
            self.close(4401, "Unauthorized")
        elif kind == "subscribe" and name in self.rooms:
            self.close(4409, f"Subscriber for {name} already exists")
        elif kind == "subscribe":
            try:
                _, arguments = operation(message["payload"], "subscription")
                self.rooms[name] = arguments["room"]
            except ValueError as problem:
                self.say({"type": "error", "id": name, "payload": [{"message": str(problem)}]})
        elif kind == "complete":
            if self.bug == "complete-silences-all":
                self.rooms.clear()
            self.rooms.pop(name, None)
        elif kind != "pong":
            self.close(4400, f"no message of type {kind}")

    def tell(self, room, message):
        for name, wanted in list(self.rooms.items()):
            if wanted == room:
                self.say({"type": "next", "id": name, "payload": {"data": {"said": message}}})

    def ping(self, over):
        while not over.wait(PING_EVERY) and not self.closing:
            self.say({"type": "ping"})

    def say(self, value):
        self.send(1, json.dumps(value).encode())

    def close(self, code, reason):
        self.closing = True
        self.send(8, struct.pack("!H", code) + reason.encode())

    def send(self, opcode, body):
        size = bytes([len(body)]) if len(body) < 126 else b"\x7e" + struct.pack("!H", len(body))
        try:
            with self.sending:
                self.connection.sendall(bytes([0x80 | opcode]) + size + body)
        except OSError:
            pass  # who reads will notice

    def frame(self):
        """The next text; nothing when the client is gone."""
        while True:
            head = self.read.read(2)
            if len(head) < 2:
                return None
            size = head[1] & 0x7F
            if size == 126:
                size = struct.unpack("!H", self.read.read(2))[0]
            if size > MOST_BYTES:
                return None
            mask = self.read.read(4)
            body = bytes(byte ^ mask[at % 4] for at, byte in enumerate(self.read.read(size)))
            opcode = head[0] & 0x0F
            if opcode == 1:
                return body
            if opcode == 8:
                self.closing or self.send(8, body)
                return None
            if opcode == 9:
                self.send(10, body)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--port", type=int, default=8080, help="0 takes one that is free")
    options.add_argument("--bug", choices=["complete-silences-all"])
    options = options.parse_args()
    Rooms.bug = options.bug
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Rooms)
    server.daemon_threads = True
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
