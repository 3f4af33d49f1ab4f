"""A signal ends the server, and what is at hand can still be finished."""

import os
import signal
import threading

from fastapi import FastAPI

from bot.serving import build_server, serve_out


def test_after_a_signal_the_program_goes_on_to_finish_what_is_at_hand() -> None:
    passed_on: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: passed_on.append(number))
    server = build_server(FastAPI(), host="127.0.0.1", port=0)

    def end() -> None:
        pause = threading.Event()
        while not server.started:
            pause.wait(0.01)
        os.kill(os.getpid(), signal.SIGTERM)

    try:
        threading.Thread(target=end).start()
        serve_out(server)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert server.should_exit
    assert passed_on == []
