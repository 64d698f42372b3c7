#!/usr/bin/env python3
"""Payments that may be sent again: who repeats an Idempotency-Key pays once.

    python3 server.py [--port 8080] [--bug double-click-pays-twice]

Needs nothing but Python. What was paid is kept in memory.
"""
import argparse
import json
import threading
import time
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

CHARGING = 0.4  # seconds that a bank takes
MOST_BYTES = 65536


class Payments(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open, so every answer says its length
    wbufsize = -1  # head and body leave together
    accounts = defaultdict(list)  # by name: what was paid
    answers = {}  # by key: what was asked, and the payment
    keys = defaultdict(threading.Lock)  # who repeats a key waits for the first one
    numbers = count(1)
    bug = None

    def do_GET(self):
        if self.path == "/health":
            return self.reply(200, {"ok": True})
        start, _, name = self.path.rpartition("/")
        if start != "/accounts":
            return self.reply(404, {"error": "there are /accounts/NAME and /payments"})
        self.reply(200, {"payments": self.accounts[name]})

    def do_POST(self):
        asked = self.asked()
        if asked is None:
            return
        key = self.headers.get("idempotency-key")
        if not key:
            return self.reply(400, {"error": "a payment needs an Idempotency-Key"})
        if self.bug == "double-click-pays-twice":
            return self.pay(key, asked)
        with self.keys[key]:
            self.pay(key, asked)

    def pay(self, key, asked):
        before, payment = self.answers.get(key, (asked, None))
        if before != asked:
            return self.reply(422, {"error": "this key was used for another payment"})
        if payment:
            return self.reply(201, payment, replayed=True)
        time.sleep(CHARGING)
        payment = {"id": next(self.numbers), "amount": asked["amount"]}
        self.accounts[asked["account"]].append(payment)
        self.answers[key] = (asked, payment)
        self.reply(201, payment)

    def asked(self):
        """What is to be paid; nothing if that was answered already."""
        size = self.headers.get("content-length", "")
        if not size.isdigit() or int(size) > MOST_BYTES:
            self.close_connection = True  # its body is still to come, and nobody reads it
            return self.reply(411, {"error": "a payment has a length, and a small one"})
        try:
            asked = json.loads(self.rfile.read(int(size)))
            return {"account": str(asked["account"]), "amount": int(asked["amount"])}
        except (ValueError, KeyError, TypeError):
            return self.reply(400, {"error": 'a payment is {"account": "…", "amount": 1}'})

    def reply(self, status, value, replayed=False):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if replayed:
            self.send_header("Idempotent-Replayed", "true")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--port", type=int, default=8080, help="0 takes one that is free")
    options.add_argument("--bug", choices=["double-click-pays-twice"])
    options = options.parse_args()
    Payments.bug = options.bug
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Payments)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
