#!/usr/bin/env python3
"""Jobs that tell how far they are, as server-sent events.

    python3 server.py [--port 8080] [--bug skips-one]

Needs nothing but Python. Jobs are kept in memory.
"""
import argparse
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

PERCENT = range(0, 101, 10)
MOST_BYTES = 4096
LAST = len(PERCENT) + 1  # the id of the event `done`


class Job:
    """A job that is `reached` events far, and `over` once it is done or called off."""

    def __init__(self, seconds):
        self.pace, self.reached, self.over = seconds / LAST, 0, False
        self.changed = threading.Condition()
        threading.Thread(target=self.work, daemon=True).start()

    def work(self):
        with self.changed:
            while not self.over:
                self.reached += 1
                self.over = self.reached == LAST
                self.changed.notify_all()
                self.changed.wait_for(lambda: self.over, self.pace)  # this is the work

    def call_off(self):
        with self.changed:
            self.over = True
            self.changed.notify_all()

    def events(self, after):
        """The events after the one with that id, as they happen."""
        for number in range(after + 1, LAST + 1):
            with self.changed:
                self.changed.wait_for(lambda: self.reached >= number or self.over)
                if self.reached < number:
                    return
            if number == LAST:
                yield f"event: done\nid: {number}\ndata: {json.dumps({'ok': True})}\n\n"
            else:
                data = json.dumps({"percent": PERCENT[number - 1]})
                yield f"event: progress\nid: {number}\ndata: {data}\n\n"


class Jobs(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open, so every answer says where it ends
    disable_nagle_algorithm = True  # what is written leaves at once
    jobs = {}  # by path
    numbers = count(1)
    bug = None

    def do_GET(self):
        path, _, what = self.path.removeprefix("/").rpartition("/")
        job = self.jobs.get(path)
        if self.path == "/health":
            self.reply(200, {"ok": True})
        elif not job or what != "events":
            self.reply(404, {"error": "there is no such job"})
        else:
            self.stream(job)

    def do_POST(self):
        size = self.headers.get("content-length", "")
        if not size.isdigit() or int(size) > MOST_BYTES:
            self.close_connection = True  # its body is still to come, and nobody reads it
            return self.reply(413 if size.isdigit() else 411, {"error": "a job has a length, and a small one"})
        seconds = seconds_in(self.rfile.read(int(size)))
        if self.path != "/jobs":
            return self.reply(404, {"error": "jobs are started at /jobs"})
        if seconds is None:
            return self.reply(400, {"error": 'a job is {"seconds": 5}, an hour at most'})
        path = f"jobs/{next(self.numbers)}"
        self.jobs[path] = Job(seconds)
        self.reply(202, {"events": f"/{path}/events"}, f"/{path}")

    def do_DELETE(self):
        job = self.jobs.pop(self.path.removeprefix("/"), None)
        if job:
            job.call_off()
        self.reply(200 if job else 404, {"ok": job is not None})

    def stream(self, job):
        last = self.headers.get("last-event-id", "")
        after = int(last) if last.isdigit() else 0
        if after >= LAST:
            self.send_response(204)  # nothing will come any more: a browser stops asking
            return self.end_headers()
        if self.bug == "skips-one" and after > 0:
            after += 1
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            self.chunk("retry: 200\n\n")
            for event in job.events(after):
                self.chunk(event)
            self.wfile.write(b"0\r\n\r\n")
        except ConnectionError:
            self.close_connection = True  # who listened is gone

    def chunk(self, text):
        data = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def reply(self, status, value, location=None):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def seconds_in(body):
    """How long a job shall take, if that can be read."""
    try:
        seconds = float(json.loads(body)["seconds"])
    except (ValueError, KeyError, TypeError):
        return None
    return seconds if 0 <= seconds <= 3600 else None


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--port", type=int, default=8080, help="0 takes one that is free")
    options.add_argument("--bug", choices=["skips-one"])
    options = options.parse_args()
    Jobs.bug = options.bug
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Jobs)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
