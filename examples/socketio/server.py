#!/usr/bin/env python3
"""Rooms over Socket.IO (protocol 5, Engine.IO 4), as much of it as a room needs, WebSocket only.

    python3 server.py [--port 8080] [--bug everybody-hears]

Needs nothing but Python. Events: join(room, name) is acknowledged with { members }, say(text);
to others of the room joined(name), to all of it said(name, text) and left(name, reason).
"""
import argparse
import base64
import hashlib
import json
import re
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

MOST_BYTES = 65536
PING_EVERY, PONG_WITHIN = 0.3, 0.2  # seconds


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    bug = None

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path == "/health":
            return self.reply(200, "a room\n")
        key = self.headers.get("sec-websocket-key")
        if path != "/socket.io/" or not key or "EIO=4" not in query.split("&"):
            return self.reply(400, "Socket.IO over WebSocket is at /socket.io/?EIO=4&transport=websocket\n")
        accept = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(accept).decode())
        self.end_headers()
        self.close_connection = True
        Guest(self).serve()

    def reply(self, status, text):
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


class Guest:
    """One connection: Engine.IO outside, Socket.IO inside."""

    all = set()
    guard = threading.RLock()
    numbers = count(1)

    def __init__(self, handler):
        self.read, self.connection, self.bug = handler.rfile, handler.connection, handler.bug
        self.room = self.name = None
        self.sending = threading.Lock()

    def serve(self):
        over = threading.Event()
        name = f"guest-{next(self.numbers)}"
        times = {"pingInterval": int(PING_EVERY * 1000), "pingTimeout": int(PONG_WITHIN * 1000)}
        self.say("0" + json.dumps({"sid": name, "upgrades": [], "maxPayload": MOST_BYTES, **times}))
        threading.Thread(target=self.ping, args=(over,), daemon=True).start()
        reason = "transport close"
        try:
            self.connection.settimeout(PING_EVERY + PONG_WITHIN)
            while (packet := self.frame()) is not None:
                if self.take(packet) == "gone":
                    reason = "client namespace disconnect"
                    break
        except TimeoutError:
            reason = "ping timeout"
        except (OSError, ValueError, TypeError):
            pass
        over.set()
        with self.guard:
            self.all.discard(self)
            self.tell("left", self.name, reason)

    def take(self, packet):
        if packet == "40":
            with self.guard:
                self.all.add(self)
            self.say("40" + json.dumps({"sid": f"socket-{next(self.numbers)}"}))
        elif packet.startswith("41"):
            return "gone"
        elif packet.startswith("42"):
            number, text = re.match(r"42(\d*)(.*)", packet, re.DOTALL).groups()
            event, *arguments = json.loads(text)
            self.happens(event, arguments, number)

    def happens(self, event, arguments, number):
        with self.guard:
            if event == "join":
                self.room, self.name = arguments
                self.tell("joined", self.name, but=self)
                members = sum(guest.room == self.room for guest in self.all)
                if number:
                    self.say(f"43{number}" + json.dumps([{"members": members}]))
            elif event == "say" and self.room:
                self.tell("said", self.name, *arguments)

    def tell(self, event, *arguments, but=None):
        """Tells the room; with the bug, what is said is told to everybody."""
        everybody = self.bug == "everybody-hears" and event == "said"
        for guest in self.all:
            if self.room and guest is not but and (everybody or guest.room == self.room):
                guest.say("42" + json.dumps([event, *arguments]))

    def ping(self, over):
        while not over.wait(PING_EVERY):
            self.say("2")

    def say(self, packet):
        self.send(1, packet.encode())

    def send(self, opcode, body):
        size = bytes([len(body)]) if len(body) < 126 else b"\x7e" + struct.pack("!H", len(body))
        try:
            with self.sending:
                self.connection.sendall(bytes([0x80 | opcode]) + size + body)
        except OSError:
            pass  # who reads will notice

    def frame(self):
        """The next packet; nothing when the client is gone."""
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
                return body.decode()
            if opcode == 8:
                self.send(8, body)
                return None
            if opcode == 9:
                self.send(10, body)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--port", type=int, default=8080, help="0 takes one that is free")
    options.add_argument("--bug", choices=["everybody-hears"])
    options = options.parse_args()
    Door.bug = options.bug
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Door)
    server.daemon_threads = True
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
