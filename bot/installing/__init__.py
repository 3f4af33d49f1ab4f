"""The first hour: questions, the files written from the answers, and what has to be pasted."""
