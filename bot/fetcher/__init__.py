"""The link fetcher: a page's public title, read by a process that holds no secret."""
