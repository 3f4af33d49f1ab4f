"""What the pages in a browser show and do; the same permissions and the same acts as in chat."""
