"""Charts as SVG text, for pages and for papers alike: numbers in, one `<svg>` out, no library.

Every chart is drawn 360 units wide, so that it can be read on a telephone; whoever shows it may
let it grow. Shape and number say what colour says. Nothing in it needs a style sheet or a script:
all looks are presentation attributes, which a strict Content-Security-Policy lets pass.
"""
