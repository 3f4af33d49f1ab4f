"""Print the characters of the shipped font: what to ask of a newer release of it.

python -m bench.papers.font > chars.txt
pyftsubset NotoSerifSC_400Regular.ttf --text-file=chars.txt --no-hinting --layout-features='' \
  --output-file=bot/papers/fonts/NotoSerifSC-subset.ttf

The tool comes with fonttools, in an environment of its own.
"""

from bot.papers.glyphs import FONT, known_to

if __name__ == "__main__":
    print("".join(chr(code) for code in sorted(known_to(FONT))))
