"""The doors: WeCom, the pulse, the command line, the sandbox and the demo."""
