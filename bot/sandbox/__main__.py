"""`python -m bot.sandbox`: run the sandbox until it is stopped."""

import argparse
import sys
from pathlib import Path

import uvicorn

from bot.sandbox.corp import BadConfigError, load_corp
from bot.sandbox.faults import BadFaultError
from bot.sandbox.server import create_app

_BAD_CONFIG = 2


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description="本机企业微信沙盒")
    parser.add_argument("--config", type=Path, required=True, help="企业配置 (JSON)")
    parser.add_argument("--port", type=int, default=8902, help="端口, 默认 8902")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址, 默认只限本机")
    parser.add_argument("--log", type=Path, default=None, help="日志文件 (JSON Lines, 追加)")
    return parser.parse_args()


def main() -> int:
    """Run the server; return 2 when the configuration is wrong, naming every fault."""
    arguments = _arguments()
    try:
        app = create_app(load_corp(arguments.config), arguments.log)
    except (BadConfigError, BadFaultError) as error:
        sys.stderr.write(f"沙盒配置有误:\n{error}\n")
        return _BAD_CONFIG
    # An open question for news must not hold up the end: one second, then it is cut.
    uvicorn.run(
        app,
        host=arguments.host,
        port=arguments.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
