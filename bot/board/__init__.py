"""The pages in a browser: sign-in, the page of a case, the list; server-drawn, works without JS."""
