"""A server of Acme's: echoes the prompt, word by word. `python3 acme_server.py [PORT]`, 0 = any; prints the port."""
import http.server
import json
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        if self.path != "/answer":
            return self.refuse(404, "no such path")
        if self.headers.get("Authorization") != "Bearer secret":
            return self.refuse(401, "this key is not known.")
        heard = f"{asked['model']} heard: {asked['prompt']}"
        stop = asked.get("stop", [])
        said = min((heard.split(text)[0] for text in ([stop] if isinstance(stop, str) else stop)), key=len, default=heard)
        words = said.split(" ")
        kept = words[: asked.get("max_tokens", len(words))]
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("X-Request-Id", "acme-1")
        self.end_headers()
        for i, word in enumerate(kept):
            self.piece({"text": word if i == 0 else " " + word})
        why = "max_tokens" if len(kept) < len(words) else "stop_sequence" if said != heard else "end_turn"
        self.piece({"done": why, "usage": {"input": len(asked["prompt"].split(" ")), "output": len(kept)}})
        self.wfile.write(b"0\r\n\r\n")

    def piece(self, event):
        line = json.dumps(event).encode() + b"\n"
        self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))

    def refuse(self, status, why):
        body = json.dumps({"error": why}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
